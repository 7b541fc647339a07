package dev.sluice.proxy.codec.http1;

import dev.sluice.proxy.stream.ErrorCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import java.util.List;

/**
 * Netty's response decoder, asked piece by piece instead of sitting in the pipeline, with what it accepts and
 * spec/reliability.md B4 forbids.
 */
public final class ResponseParser extends HttpResponseDecoder {
    private final Tally tally;
    private final NameMemory names = NameMemory.ofThread();
    private boolean toHead;

    /** A parser for one connection, made on its event loop. */
    public ResponseParser(WireLimits limits) {
        super(limits.decoderConfig());
        this.tally = new Tally(limits);
    }

    /** The next final response answers a request whose method is HEAD, if {@code head}, and so has no body. */
    public void expect(boolean head) {
        toHead = head;
    }

    /**
     * Reads the next piece.
     *
     * @param in its reader index moves over what was taken
     * @param out gets a {@link HttpResponse} (followed by a {@link LastHttpContent} when it has no body), or {@link
     *     HttpContent}; the last one is a {@link LastHttpContent}. One that failed carries a cause, and nothing must be
     *     read after it
     * @return whether something was taken; false means that more bytes are needed
     */
    public boolean read(ByteBuf in, List<Object> out) {
        int before = in.readerIndex();
        int known = out.size();
        boolean chunked = !tally.inHead() && (tally.marks() & HeaderMarks.TRANSFER_ENCODING) != 0;
        try {
            decode(null, in, out);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new DecoderException(e);
        }
        int taken = in.readerIndex() - before;
        int data = 0;
        for (int i = known; i < out.size(); i++) {
            Object piece = out.get(i);
            if (piece instanceof HttpMessage) {
                tally.endHead();
            }
            if (piece instanceof HttpContent content) {
                data += content.content().readableBytes();
            }
            if (piece instanceof LastHttpContent) {
                tally.endMessage();
            }
        }
        if (chunked) {
            chargeOverhead(taken - data, out);
        }
        return taken > 0;
    }

    /** Marks of the head that was read last, see {@link HeaderMarks}. */
    int marks() {
        return tally.marks();
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

    private void chargeOverhead(int bytes, List<Object> out) {
        try {
            tally.chunkOverhead(bytes);
        } catch (Refusal refusal) {
            LastHttpContent end = new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER);
            end.setDecoderResult(DecoderResult.failure(refusal));
            out.add(end);
        }
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage message) {
        int status = ((HttpResponse) message).status().code();
        return status < 200 || status == 204 || status == 304 || toHead;
    }

    @Override
    protected HttpMessage createMessage(String[] initialLine) {
        tally.startMessage();
        return super.createMessage(initialLine);
    }

    @Override
    protected String splitFirstWordInitialLine(byte[] line, int start, int length) {
        String version = super.splitFirstWordInitialLine(line, start, length);
        if (!version.equals("HTTP/1.1") && !version.equals("HTTP/1.0")) {
            throw new Refusal(ErrorCode.UPSTREAM_PROTOCOL, "HTTP version is neither 1.0 nor 1.1");
        }
        return version;
    }

    @Override
    protected String splitSecondWordInitialLine(byte[] line, int start, int length) {
        if (length != 3
                || line[start] == '0'
                || !Tokens.isDigit(line[start])
                || !Tokens.isDigit(line[start + 1])
                || !Tokens.isDigit(line[start + 2])) {
            throw new Refusal(ErrorCode.UPSTREAM_PROTOCOL, "status is not three digits from 100 on");
        }
        return super.splitSecondWordInitialLine(line, start, length);
    }

    @Override
    protected AsciiString splitHeaderName(byte[] line, int start, int length) {
        tally.field(line, start, length);
        return names.name(line, start, length);
    }
}
