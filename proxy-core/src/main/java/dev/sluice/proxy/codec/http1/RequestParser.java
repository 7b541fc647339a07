package dev.sluice.proxy.codec.http1;

import dev.sluice.proxy.stream.ErrorCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMessageDecoderResult;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import java.util.List;

/**
 * Netty's request decoder, asked piece by piece instead of sitting in the pipeline, so that the next request is not even
 * parsed before its turn. It adds what Netty accepts and spec/reliability.md B1 and B2 forbid, inside the passes that
 * Netty makes anyway.
 */
public final class RequestParser extends HttpRequestDecoder {
    private static final int MAX_EMPTY_LINES = 2;

    private final Tally tally;
    private final NameMemory names = NameMemory.ofThread();
    private int emptyLines;
    private int lineEnd;
    private boolean requestLine;

    /** A parser for one connection, made on its event loop. */
    public RequestParser(WireLimits limits) {
        super(limits.decoderConfig());
        this.tally = new Tally(limits);
    }

    /**
     * Reads the next piece.
     *
     * @param in its reader index moves over what was taken
     * @param out gets a {@link io.netty.handler.codec.http.HttpRequest} (followed by a {@link LastHttpContent} when it has
     *     no body), or {@link HttpContent}; the last one is a {@link LastHttpContent}. One that failed carries a cause
     *     for {@link Refusal#of}, and nothing must be read after it
     * @return whether something was taken; false means that more bytes are needed
     */
    public boolean read(ByteBuf in, List<Object> out) {
        int before = in.readerIndex();
        int known = out.size();
        boolean head = tally.inHead();
        if (head && !tally.isHeadStarted()) {
            requestLine = false;
            if (!skipEmptyLines(in, out)) {
                return in.readerIndex() > before;
            }
        }
        int start = in.readerIndex();
        try {
            decode(null, in, out);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new DecoderException(e);
        }
        if (head) {
            tally.headBytes(in.readerIndex() - start);
        }
        account(out, known, in.readerIndex() - start);
        return in.readerIndex() > before;
    }

    /** Marks of the head that was read last, see {@link HeaderMarks}. */
    int marks() {
        return tally.marks();
    }

    /** Whether the last request's first line was well-formed, whatever came after it. */
    boolean hasRequestLine() {
        return requestLine;
    }

    /** Whether part of a head was read and the rest of it is awaited. */
    public boolean isInsideHead() {
        return tally.inHead() && tally.isHeadStarted();
    }

    /** Frees the decoder's own buffer; the parser must not be used afterwards. */
    public void release() {
        try {
            handlerRemoved0(null);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new DecoderException(e);
        }
    }

    private void account(List<Object> out, int known, int taken) {
        int data = 0;
        boolean chunked = !tally.inHead() && (tally.marks() & HeaderMarks.TRANSFER_ENCODING) != 0;
        for (int i = known; i < out.size(); i++) {
            Object piece = out.get(i);
            if (piece instanceof HttpMessage message) {
                if (message.decoderResult() instanceof HttpMessageDecoderResult result && tally.isFolded(result)) {
                    message.setDecoderResult(DecoderResult.failure(
                            new Refusal(ErrorCode.BAD_REQUEST, "a header is folded over several lines")));
                }
                tally.endHead();
            }
            if (piece instanceof HttpContent content) {
                data += content.content().readableBytes();
            }
            if (piece instanceof LastHttpContent) {
                tally.endMessage();
                emptyLines = 0;
            }
        }
        if (chunked) {
            try {
                tally.chunkOverhead(taken - data);
            } catch (Refusal refusal) {
                LastHttpContent end = new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER);
                end.setDecoderResult(DecoderResult.failure(refusal));
                out.add(end);
            }
        }
    }

    /**
     * Skips a few empty lines ahead of a request (RFC 9112 section 2.2), where Netty would skip any number of CR and LF
     * in any order.
     *
     * @return false when more bytes are needed, or a refusal was added to {@code out}
     */
    private boolean skipEmptyLines(ByteBuf in, List<Object> out) {
        while (in.isReadable()) {
            byte first = in.getByte(in.readerIndex());
            if (first != '\r' && first != '\n') {
                return true;
            }
            if (first == '\r' && in.readableBytes() == 1) {
                return false;
            }
            if (first == '\n' || in.getByte(in.readerIndex() + 1) != '\n' || ++emptyLines > MAX_EMPTY_LINES) {
                in.skipBytes(in.readableBytes());
                HttpMessage message = createInvalidMessage();
                message.setDecoderResult(DecoderResult.failure(
                        new Refusal(ErrorCode.BAD_REQUEST, "line ends where a request line should be")));
                out.add(message);
                return false;
            }
            in.skipBytes(2);
        }
        return false;
    }

    @Override
    protected HttpMessage createMessage(String[] initialLine) throws Exception {
        tally.startMessage();
        HttpMessage message = super.createMessage(initialLine);
        requestLine = true;
        return message;
    }

    @Override
    protected String splitFirstWordInitialLine(byte[] line, int start, int length) {
        // Netty skips blanks of several kinds between the words; one space is what RFC 9112 section 3 asks for.
        if (start != 0 || length == 0) {
            throw new Refusal(ErrorCode.BAD_REQUEST, "blanks ahead of the method");
        }
        for (int i = 0; i < length; i++) {
            if (!Tokens.isTokenChar(line[i])) {
                throw new Refusal(ErrorCode.BAD_REQUEST, "the method is no token");
            }
        }
        lineEnd = length;
        return super.splitFirstWordInitialLine(line, start, length);
    }

    @Override
    protected String splitSecondWordInitialLine(byte[] line, int start, int length) {
        requireOneSpace(line, start);
        for (int i = start; i < start + length; i++) {
            if (!Tokens.isTargetChar(line[i])) {
                throw new Refusal(ErrorCode.BAD_REQUEST, "the request target holds a character it must not");
            }
        }
        lineEnd = start + length;
        return super.splitSecondWordInitialLine(line, start, length);
    }

    @Override
    protected String splitThirdWordInitialLine(byte[] line, int start, int length) {
        requireOneSpace(line, start);
        String version = super.splitThirdWordInitialLine(line, start, length);
        if (version.equals(HttpVersion.HTTP_1_1.text()) || version.equals(HttpVersion.HTTP_1_0.text())) {
            return version;
        }
        if (length != 8 || !version.startsWith("HTTP/") || line[start + 6] != '.') {
            throw new Refusal(ErrorCode.BAD_REQUEST, "malformed HTTP version");
        }
        byte major = line[start + 5];
        byte minor = line[start + 7];
        if (!Tokens.isDigit(major) || !Tokens.isDigit(minor)) {
            throw new Refusal(ErrorCode.BAD_REQUEST, "malformed HTTP version");
        }
        if (major != '1') {
            throw new Refusal(ErrorCode.VERSION_NOT_SUPPORTED, "HTTP version other than 1.x");
        }
        // A later minor version is to be read as the highest that we know (RFC 9110 section 2.5).
        return HttpVersion.HTTP_1_1.text();
    }

    private void requireOneSpace(byte[] line, int start) {
        if (start != lineEnd + 1 || line[lineEnd] != ' ') {
            throw new Refusal(ErrorCode.BAD_REQUEST, "more than one space in the request line");
        }
    }

    @Override
    protected AsciiString splitHeaderName(byte[] line, int start, int length) {
        tally.field(line, start, length);
        return names.name(line, start, length);
    }
}
