package dev.sluice.proxy.codec.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http2.Http2CodecUtil;

/** Tells the client connection preface of HTTP/2 with prior knowledge (RFC 9113 section 3.4) from anything else. */
public enum Preface {
    /** It is the preface, whole. */
    HTTP2,
    /** Too few bytes to tell. */
    UNDECIDED,
    /** Something else: no HTTP/1 request begins like it. */
    OTHER,
    /**
     * A whole first line without a slash, so that it names no version of HTTP: another protocol, or a broken preface, for
     * which an answer in HTTP/1 would be a malformed frame.
     */
    NEITHER;

    /** Looks at the first bytes of a connection without consuming any. */
    public static Preface of(ByteBuf bytes) {
        ByteBuf preface = Http2CodecUtil.connectionPrefaceBuf();
        int known = Math.min(bytes.readableBytes(), preface.readableBytes());
        if (!ByteBufUtil.equals(bytes, bytes.readerIndex(), preface, preface.readerIndex(), known)) {
            return namesNoVersion(bytes) ? NEITHER : OTHER;
        }
        return known == preface.readableBytes() ? HTTP2 : UNDECIDED;
    }

    private static boolean namesNoVersion(ByteBuf bytes) {
        int line = bytes.bytesBefore((byte) '\n');
        // An empty line may stand before a request.
        return line > 1 && bytes.bytesBefore(line, (byte) '/') < 0;
    }
}
