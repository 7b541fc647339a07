package dev.sluice.proxy.codec.http1;

import dev.sluice.proxy.codec.CodecLimits;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.headers.H1Headers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * What a parser makes of the bytes of a connection, as text to compare: each message with its headers, its body in one
 * piece, its trailers, and how it all ended.
 *
 * @param text of all messages
 * @param refusal what ended it; null when nothing did
 */
record ParsedWire(String text, @Nullable String refusal) {
    private static final WireLimits LIMITS = new WireLimits(61_440, 61_440, 100, 4_096, 16_384);

    static {
        if (CodecLimits.DEFAULT.head().maxHeaders() != LIMITS.maxHeaders()) {
            throw new AssertionError("the limits that are tested are not those that are used");
        }
    }

    /** Ours, over requests that arrive in pieces. */
    static ParsedWire requests(byte[] wire, Random cuts) {
        RequestParser parser = new RequestParser(LIMITS);
        BodyParser body = new BodyParser(LIMITS, true);
        RequestHeadReader reader = new RequestHeadReader(body);
        return parse(wire, cuts, parser, body, () -> {
            String line = parser.method() + " " + parser.target() + (parser.isOld() ? " 1.0 " : " 1.1 ");
            String headers = parser.headers().toString();
            reader.read(parser, false);
            return line + headers;
        });
    }

    /** Ours, over responses. */
    static ParsedWire responses(byte[] wire, Random cuts) {
        ResponseParser parser = new ResponseParser(LIMITS);
        BodyParser body = new BodyParser(LIMITS, false);
        ResponseHeadReader reader = new ResponseHeadReader(body);
        return parse(wire, cuts, parser, body, () -> {
            String line = parser.status() + (parser.isOld() ? " 1.0 " : " 1.1 ");
            String headers = parser.headers().toString();
            reader.read(parser, "websocket");
            return line + headers;
        });
    }

    private interface Heads {
        /** Describes the head that was read last, and opens its body. */
        String describe();
    }

    private static ParsedWire parse(byte[] wire, Random cuts, HeadParser parser, BodyParser body, Heads heads) {
        StringBuilder text = new StringBuilder();
        ByteBuf in = Unpooled.directBuffer(Math.max(1, wire.length));
        String refusal = null;
        try {
            int at = 0;
            while (at < wire.length) {
                int piece = Math.min(wire.length - at, 1 + cuts.nextInt(cuts.nextInt(4) == 0 ? 5_000 : 40));
                in.writeBytes(wire, at, piece);
                at += piece;
                readAll(in, text, parser, body, heads);
            }
        } catch (Refusal refused) {
            refusal = refused.code() == ErrorCode.INTERNAL ? "INTERNAL " + refused.detail() : refused.detail();
        } finally {
            in.release();
        }
        return new ParsedWire(text.toString(), refusal);
    }

    private static void readAll(ByteBuf in, StringBuilder text, HeadParser parser, BodyParser body, Heads heads) {
        while (true) {
            if (!body.isOpen()) {
                if (!parser.read(in)) {
                    return;
                }
                String head = heads.describe();
                text.append(head).append(body.isOpen() ? "\n" : "\n[]\n");
                parser.headers().recycle();
                continue;
            }
            int size = body.read(in);
            if (size == 0 && body.isOpen()) {
                return;
            }
            text.append(in.readCharSequence(size, StandardCharsets.ISO_8859_1));
            if (!body.isOpen()) {
                H1Headers trailers = body.trailers();
                text.append(trailers == null ? "[]" : trailers.toString()).append("\n");
            }
        }
    }

    /** Netty's, over requests. */
    static ParsedWire nettyRequests(byte[] wire) {
        return netty(wire, new EmbeddedChannel(new HttpRequestDecoder(config())));
    }

    /** Netty's, over responses. */
    static ParsedWire nettyResponses(byte[] wire) {
        return netty(wire, new EmbeddedChannel(new HttpResponseDecoder(config())));
    }

    private static HttpDecoderConfig config() {
        return new HttpDecoderConfig()
                .setMaxInitialLineLength(LIMITS.maxLineBytes())
                .setMaxHeaderSize(LIMITS.maxHeaderBytes())
                .setStrictLineParsing(true)
                .setUseRfc9112TransferEncoding(true)
                .setAllowDuplicateContentLengths(false);
    }

    private static ParsedWire netty(byte[] wire, EmbeddedChannel channel) {
        StringBuilder text = new StringBuilder();
        String refusal = null;
        channel.writeInbound(Unpooled.wrappedBuffer(wire));
        for (HttpObject piece = channel.readInbound(); piece != null; piece = channel.readInbound()) {
            if (refusal == null && piece.decoderResult().isFailure()) {
                refusal = piece.decoderResult().cause().toString();
            } else if (refusal == null) {
                describe(piece, text);
            }
            if (piece instanceof HttpContent content) {
                content.release();
            }
        }
        channel.finishAndReleaseAll();
        return new ParsedWire(text.toString(), refusal);
    }

    private static void describe(HttpObject piece, StringBuilder text) {
        if (piece instanceof HttpMessage message) {
            String line = message instanceof HttpRequest request
                    ? request.method().name() + " " + request.uri()
                    : Integer.toString(((HttpResponse) message).status().code());
            text.append(line)
                    .append(message.protocolVersion().minorVersion() == 0 ? " 1.0 " : " 1.1 ")
                    .append(List.copyOf(message.headers().entries()))
                    .append('\n');
        }
        if (piece instanceof HttpContent content) {
            text.append(content.content().toString(StandardCharsets.ISO_8859_1));
        }
        if (piece instanceof LastHttpContent last) {
            // Those that may not be trailers are taken off by ours as they are read (B22).
            text.append(last.trailingHeaders().entries().stream()
                            .filter(trailer -> HopByHop.mayBeTrailer(trailer.getKey()))
                            .toList())
                    .append('\n');
        }
    }
}
