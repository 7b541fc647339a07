package dev.sluice.proxy.stream;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@link Headers} over Netty's HTTP/2 headers. Pseudo headers may stay in the delegate (its codec owns them there) but
 * are not seen through this view.
 */
public final class H2Headers implements Headers {
    private final Http2Headers delegate;

    /** Wraps {@code delegate}. */
    public H2Headers(Http2Headers delegate) {
        this.delegate = delegate;
    }

    /** Empty headers that refuse invalid names and values. */
    public static H2Headers create() {
        return new H2Headers(new DefaultHttp2Headers());
    }

    /** The codec's own object, for its encoder. */
    public Http2Headers delegate() {
        return delegate;
    }

    @Override
    public @Nullable CharSequence get(AsciiString name) {
        return delegate.get(name);
    }

    @Override
    public List<? extends CharSequence> getAll(AsciiString name) {
        return delegate.getAll(name);
    }

    @Override
    public Iterator<? extends CharSequence> values(AsciiString name) {
        return delegate.valueIterator(name);
    }

    @Override
    public boolean contains(AsciiString name) {
        return delegate.contains(name);
    }

    @Override
    public boolean containsPrefix(AsciiString prefix) {
        for (Map.Entry<CharSequence, CharSequence> entry : delegate) {
            CharSequence name = entry.getKey();
            if (name.length() >= prefix.length()
                    && name.charAt(0) == prefix.charAt(0)
                    && AsciiString.regionMatches(name, false, 0, prefix, 0, prefix.length())) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void set(AsciiString name, CharSequence value) {
        delegate.set(name, value);
    }

    @Override
    public void add(AsciiString name, CharSequence value) {
        delegate.add(name, value);
    }

    @Override
    public boolean remove(AsciiString name) {
        return delegate.remove(name);
    }

    @Override
    public int size() {
        int size = 0;
        for (Map.Entry<CharSequence, CharSequence> entry : delegate) {
            if (!isPseudo(entry.getKey())) {
                size++;
            }
        }
        return size;
    }

    @Override
    public void forEach(Visitor visitor) {
        for (Map.Entry<CharSequence, CharSequence> entry : delegate) {
            if (!isPseudo(entry.getKey())) {
                visitor.entry(entry.getKey(), entry.getValue());
            }
        }
    }

    @Override
    public Headers copy() {
        Http2Headers copy = new DefaultHttp2Headers(false);
        for (Map.Entry<CharSequence, CharSequence> entry : delegate) {
            if (!isPseudo(entry.getKey())) {
                copy.add(entry.getKey(), entry.getValue());
            }
        }
        return new H2Headers(copy);
    }

    private static boolean isPseudo(CharSequence name) {
        return name.length() > 0 && name.charAt(0) == ':';
    }

    @Override
    public String toString() {
        return delegate.toString();
    }
}
