package dev.sluice.proxy.codec.http2;

import static io.netty.handler.codec.http2.Http2Error.PROTOCOL_ERROR;

import dev.sluice.proxy.stream.headers.H2Headers;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers.PseudoHeaderName;
import io.netty.util.AsciiString;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The header list that was received last: pseudo headers each for itself, and the fields, to be taken. What is wrong with
 * its fields, or with their order (RFC 9113 section 8.3), ends the stream once the whole list is read.
 *
 * <p>For Netty it is a header object only in what {@link io.netty.handler.codec.http2.DefaultHttp2ConnectionDecoder} asks
 * about pseudo headers. That class sees neither fields nor {@code content-length}: both are looked at by us. One per
 * connection, filled for each list anew; belongs to its event loop.
 */
public final class ReceivedBlock extends DefaultHttp2Headers {
    /** What {@link #contentLength} gives for more than one, or for what is no number. */
    public static final long MALFORMED = -2;

    private static final int CAPACITY = 64;
    private static final int MOST_KEPT = 512;
    /** Fields that a proxy adds to those of a message. */
    private static final int SPARE = 8;

    private CharSequence[] fields = new CharSequence[CAPACITY];
    private int used;
    private int neverIndexed;
    private int streamId;
    private long bytes;
    private long maxBytes;
    private @Nullable String fault;
    private @Nullable AsciiString method;
    private @Nullable AsciiString scheme;
    private @Nullable AsciiString authority;
    private @Nullable AsciiString path;
    private @Nullable AsciiString protocol;
    private @Nullable AsciiString status;
    private @Nullable AsciiString contentLength;
    private boolean manyLengths;

    ReceivedBlock() {
        super(false, 2);
    }

    // ---- filled by the decoder

    /** Begins the list of a stream; it may have so many bytes, as RFC 9113 section 6.5.2 counts them. */
    void begin(int id, long most) {
        clearFields();
        streamId = id;
        bytes = 0;
        maxBytes = most;
        fault = null;
        method = null;
        scheme = null;
        authority = null;
        path = null;
        protocol = null;
        status = null;
        contentLength = null;
        manyLengths = false;
    }

    /** Adds a field that anybody may remember; {@code wrong} says what is wrong with it by itself. */
    void add(AsciiString name, AsciiString value, @Nullable String wrong) {
        add(name, value, wrong, false);
    }

    /**
     * @param wrong what is wrong with the field by itself
     * @param secret its sender had nobody remember it
     */
    void add(AsciiString name, AsciiString value, @Nullable String wrong, boolean secret) {
        bytes += Field.size(name, value);
        if (bytes > maxBytes || fault != null) {
            return;
        }
        if (wrong != null) {
            fault = wrong;
        } else if (Field.isPseudo(name)) {
            pseudo(name, value);
        } else if (!Fields.isCarrier(name)) {
            field(name, value, secret);
        }
    }

    private void field(AsciiString name, AsciiString value, boolean secret) {
        if (name.length() == HttpHeaderNames.CONTENT_LENGTH.length() && name.equals(HttpHeaderNames.CONTENT_LENGTH)) {
            manyLengths = contentLength != null;
            contentLength = value;
        }
        if (used == fields.length) {
            fields = Arrays.copyOf(fields, 2 * used);
        }
        fields[used] = name;
        fields[used + 1] = value;
        neverIndexed |= secret ? H2Headers.mark(used / 2) : 0;
        used += 2;
    }

    private void pseudo(AsciiString name, AsciiString value) {
        boolean response = PseudoHeaderName.STATUS.value().equals(name);
        if (used > 0) {
            fault = "a pseudo header behind a field";
        } else if (response ? isRequest() : status != null) {
            fault = "pseudo headers of a request and of a response";
        } else if (response) {
            status = once(status, value);
        } else if (PseudoHeaderName.METHOD.value().equals(name)) {
            method = once(method, value);
        } else if (PseudoHeaderName.SCHEME.value().equals(name)) {
            scheme = once(scheme, value);
        } else if (PseudoHeaderName.AUTHORITY.value().equals(name)) {
            authority = once(authority, value);
        } else if (PseudoHeaderName.PATH.value().equals(name)) {
            path = once(path, value);
        } else {
            protocol = once(protocol, value);
        }
    }

    private AsciiString once(@Nullable AsciiString before, AsciiString value) {
        if (before != null) {
            fault = "a pseudo header that comes twice";
        }
        return value;
    }

    private boolean isRequest() {
        return method != null || scheme != null || authority != null || path != null || protocol != null;
    }

    /** Ends the list; throws what is wrong with it. */
    void finish() throws Http2Exception {
        if (bytes > maxBytes) {
            throw Http2Exception.headerListSizeError(
                    streamId, PROTOCOL_ERROR, true, "More than %d bytes of headers", maxBytes);
        }
        if (fault != null) {
            throw Http2Exception.streamError(streamId, PROTOCOL_ERROR, "Malformed headers: %s", fault);
        }
    }

    // ---- read by us

    /** The stream that the list came on. */
    public int streamId() {
        return streamId;
    }

    /** The fields, without pseudo headers; once. */
    public H2Headers take() {
        CharSequence[] taken = Arrays.copyOf(fields, used + SPARE);
        H2Headers headers = H2Headers.ofChecked(taken, used, neverIndexed);
        clearFields();
        return headers;
    }

    /** Whether there are pseudo headers. */
    public boolean hasPseudo() {
        return isRequest() || status != null;
    }

    /** {@code :protocol}; null without. */
    public @Nullable AsciiString protocol() {
        return protocol;
    }

    /** The declared length in bytes; -1 when there is none, or {@link #MALFORMED}. */
    public long contentLength() {
        AsciiString text = contentLength;
        if (text == null) {
            return -1;
        }
        return manyLengths ? MALFORMED : Fields.length(text);
    }

    private void clearFields() {
        if (fields.length > MOST_KEPT) {
            fields = new CharSequence[CAPACITY];
        } else {
            Arrays.fill(fields, 0, used, null);
        }
        used = 0;
        neverIndexed = 0;
    }

    // ---- read by Netty

    @Override
    public @Nullable CharSequence method() {
        return method;
    }

    @Override
    public @Nullable CharSequence scheme() {
        return scheme;
    }

    @Override
    public @Nullable CharSequence authority() {
        return authority;
    }

    @Override
    public @Nullable CharSequence path() {
        return path;
    }

    @Override
    public @Nullable CharSequence status() {
        return status;
    }

    @Override
    public boolean contains(CharSequence name) {
        return protocol != null && PseudoHeaderName.PROTOCOL.value().contentEquals(name);
    }

    @Override
    public List<CharSequence> getAll(CharSequence name) {
        return List.of();
    }
}
