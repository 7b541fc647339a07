package dev.sluice.proxy.stream;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@link Headers} over Netty's HTTP/1 headers. */
public final class H1Headers implements Headers {
    private final HttpHeaders delegate;

    /** Wraps {@code delegate}; it must not hold {@code host} or hop-by-hop headers. */
    public H1Headers(HttpHeaders delegate) {
        this.delegate = delegate;
    }

    /** Empty headers that refuse CR, LF and other control characters in what is added. */
    public static H1Headers create() {
        return new H1Headers(new DefaultHttpHeaders());
    }

    /** The codec's own object, for its encoder. */
    public HttpHeaders delegate() {
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
        return delegate.valueCharSequenceIterator(name);
    }

    @Override
    public boolean contains(AsciiString name) {
        return delegate.contains(name);
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
        if (!delegate.contains(name)) {
            return false;
        }
        delegate.remove(name);
        return true;
    }

    @Override
    public int size() {
        return delegate.size();
    }

    @Override
    public void forEach(Visitor visitor) {
        Iterator<Map.Entry<CharSequence, CharSequence>> entries = delegate.iteratorCharSequence();
        while (entries.hasNext()) {
            Map.Entry<CharSequence, CharSequence> entry = entries.next();
            visitor.entry(entry.getKey(), entry.getValue());
        }
    }

    @Override
    public Headers copy() {
        return new H1Headers(delegate.copy());
    }

    @Override
    public String toString() {
        return delegate.entries().toString();
    }
}
