package dev.sluice.proxy.exchange;

import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.ResponseHead;
import dev.sluice.proxy.stream.headers.H1Headers;
import dev.sluice.proxy.stream.headers.H2Headers;
import dev.sluice.proxy.stream.headers.HeaderNames;
import dev.sluice.proxy.stream.headers.Headers;
import io.netty.buffer.Unpooled;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The only place where an error becomes a response, for HTTP and gRPC alike (spec/istio-fields.md §9.1, §9.3). File and
 * line of a rule never get in: they are for the admin port and the log.
 */
public final class LocalReply {
    private static final AsciiString TEXT_PLAIN = AsciiString.cached("text/plain");
    private static final AsciiString APPLICATION_GRPC = AsciiString.cached("application/grpc");
    private static final AsciiString TRUE = AsciiString.cached("true");
    /** Seconds after which a proxy that was overloaded may be asked again. */
    private static final AsciiString SOON = AsciiString.cached("1");

    /** Of a body that becomes a gRPC message: it travels as a header, for which clients have limits. */
    private static final int MAX_MESSAGE_BYTES = 1_024;

    private static final int NO_CONTENT = 204;
    private static final byte[] NO_BODY = {};
    private static final String RESET_REASON = "reset reason: ";
    private static final String RETRIED = "retried and the latest ";

    private LocalReply() {}

    /** Answers {@code exchange} with what {@code error} means to its client. */
    public static void send(Exchange exchange, ProxyError error) {
        ErrorCode code = error.code();
        Steering asked = exchange.steering();
        boolean noContent = asked != null
                && asked.noContentOnTimeout()
                && (code == ErrorCode.TIMEOUT || code == ErrorCode.TRY_TIMEOUT);
        send(exchange, error, noContent ? NO_CONTENT : status(exchange, code), -1);
    }

    private static int status(Exchange exchange, ErrorCode code) {
        // Who fell silent: a client that has not sent all of its request, else the upstream (spec/istio-fields.md
        // §9.1).
        boolean clientIsDue = code == ErrorCode.STREAM_IDLE_TIMEOUT && exchange.requestEndNanos() == 0;
        return clientIsDue ? ErrorCode.REQUEST_TIMEOUT.status() : code.status();
    }

    /**
     * Answers with a status of the caller's choice (an injected fault).
     *
     * @param grpcStatus gRPC status number for a gRPC request; -1 derives it from {@code status}
     */
    public static void send(Exchange exchange, ProxyError error, int status, int grpcStatus) {
        Reply reply = reply(exchange, error, status, grpcStatus);
        boolean last = reply.body.length == 0;
        exchange.respond(reply.head, last);
        if (!last) {
            exchange.responseData(Unpooled.wrappedBuffer(reply.body), true);
        }
    }

    /**
     * An answer that is not sent yet.
     *
     * @param head its head
     * @param body empty when the head is all
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
    public record Reply(ResponseHead head, byte[] body) {}

    /** What {@link #send(Exchange, ProxyError, int, int)} would answer. */
    public static Reply reply(Exchange exchange, ProxyError error, int status, int grpcStatus) {
        ErrorCode code = error.code();
        Headers headers = newHeaders(exchange);
        headers.set(HeaderNames.X_SLUICE_CODE, code.name());
        if (code == ErrorCode.BREAKER_OPEN || code == ErrorCode.PENDING_FULL) {
            headers.set(HeaderNames.X_ENVOY_OVERLOADED, TRUE);
        } else if (code == ErrorCode.OVERLOADED) {
            headers.set(HeaderNames.X_ENVOY_LOCAL_OVERLOADED, TRUE);
            headers.set(HeaderNames.RETRY_AFTER, SOON);
        }
        String text = text(exchange, error);
        if (exchange.isGrpc()) {
            int number = grpcStatus >= 0 ? grpcStatus : grpcNumber(code, status);
            grpc(headers, number, text);
            return new Reply(new ResponseHead(200, headers, -1), NO_BODY);
        }
        byte[] body = bodiless(status) ? NO_BODY : bytes(text);
        ResponseHead head = describe(status, headers, body.length == 0 ? null : TEXT_PLAIN, body.length);
        return new Reply(head, isHead(exchange) ? NO_BODY : body);
    }

    /** Head of a trailers-only answer for a gRPC client whose upstream answered {@code status} without a gRPC status. */
    static ResponseHead grpcHead(Exchange exchange, int status) {
        Headers headers = newHeaders(exchange);
        grpc(headers, GrpcStatus.ofHttp(status), "the upstream answered HTTP " + status);
        return new ResponseHead(200, headers, -1);
    }

    private static void grpc(Headers headers, int number, String message) {
        headers.set(HeaderNames.CONTENT_TYPE, APPLICATION_GRPC);
        headers.set(HeaderNames.GRPC_STATUS, Integer.toString(number));
        if (!message.isEmpty()) {
            headers.set(HeaderNames.GRPC_MESSAGE, GrpcStatus.encodeMessage(message));
        }
    }

    /**
     * Answers with a body that is no error: a direct response, a preflight, a redirect, with {@link
     * ErrorCode#DIRECT_RESPONSE} as its code. To a gRPC request it becomes a status and a message, the further headers
     * kept.
     *
     * @param headers further headers, from {@link #newHeaders}
     * @param contentType null when the caller set it or there is no body
     */
    public static void sendBody(
            Exchange exchange, int status, Headers headers, @Nullable AsciiString contentType, byte[] body) {
        exchange.note(ErrorCode.DIRECT_RESPONSE);
        headers.set(HeaderNames.X_SLUICE_CODE, ErrorCode.DIRECT_RESPONSE.name());
        if (exchange.isGrpc()) {
            // A gRPC client reads no other kind of answer (spec/istio-fields.md §9.3).
            int shown = Math.min(body.length, MAX_MESSAGE_BYTES);
            grpc(headers, GrpcStatus.ofHttp(status), new String(body, 0, shown, StandardCharsets.UTF_8));
            exchange.respond(new ResponseHead(200, headers, -1), true);
            return;
        }
        boolean last = body.length == 0 || bodiless(status) || isHead(exchange);
        exchange.respond(describe(status, headers, contentType, body.length), last);
        if (!last) {
            exchange.responseData(Unpooled.wrappedBuffer(body), true);
        }
    }

    private static ResponseHead describe(
            int status, Headers headers, @Nullable AsciiString contentType, int bodyBytes) {
        if (contentType != null) {
            headers.set(HeaderNames.CONTENT_TYPE, contentType);
        }
        if (bodiless(status)) {
            return new ResponseHead(status, headers, -1);
        }
        headers.set(HeaderNames.CONTENT_LENGTH, Integer.toString(bodyBytes));
        return new ResponseHead(status, headers, bodyBytes);
    }

    private static boolean bodiless(int status) {
        return status == 204 || status == 304 || status < 200;
    }

    /** Told the length of a body that is not sent (RFC 9110 section 9.3.2), and so not counted as sent. */
    private static boolean isHead(Exchange exchange) {
        return exchange.request().method().equals("HEAD");
    }

    /** Empty headers of the kind that the client's codec writes without copying. */
    public static Headers newHeaders(Exchange exchange) {
        return exchange.request().version() == HttpVersion.HTTP_2 ? H2Headers.create() : H1Headers.create();
    }

    private static int grpcNumber(ErrorCode code, int status) {
        // DEADLINE_EXCEEDED, as Envoy answers since 2026 (spec/istio-fields.md §9.3).
        return code == ErrorCode.TIMEOUT || code == ErrorCode.TRY_TIMEOUT ? 4 : GrpcStatus.ofHttp(status);
    }

    private static String text(Exchange exchange, ProxyError error) {
        String text = error.code().body();
        if (exchange.attempts() > 1 && text.contains(RESET_REASON)) {
            text = text.replace(RESET_REASON, RETRIED + RESET_REASON);
        }
        if (error.code() == ErrorCode.CONNECT_FAILED && !error.detail().isEmpty()) {
            text = text + ", transport failure reason: " + error.detail();
        }
        return text;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
