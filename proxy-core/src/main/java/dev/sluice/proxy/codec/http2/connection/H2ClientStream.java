package dev.sluice.proxy.codec.http2.connection;

import dev.sluice.proxy.codec.http2.ReceivedBlock;
import dev.sluice.proxy.codec.http2.ResetCodes;
import dev.sluice.proxy.codec.http2.ResponseInspection;
import dev.sluice.proxy.stream.BodyReader;
import dev.sluice.proxy.stream.ClientConnection;
import dev.sluice.proxy.stream.ClientStream;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.ReadGate;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.ResponseHead;
import dev.sluice.proxy.stream.ResponseReader;
import dev.sluice.proxy.stream.headers.HeaderOverlay;
import io.netty.handler.codec.http2.Http2Error;
import org.jspecify.annotations.Nullable;

/** A request and its response on an HTTP/2 connection to an upstream. */
final class H2ClientStream extends H2Stream implements ClientStream {
    private static final int SWITCHING_PROTOCOLS = 101;

    private final H2ClientHandler client;
    private final ResponseReader reader;
    private @Nullable RequestHead request;
    private @Nullable HeaderOverlay overlay;
    private boolean headOnly;
    private boolean answered;
    private boolean tunnel;
    private int informationals;

    H2ClientStream(H2ClientHandler client, ResponseReader reader) {
        super(client);
        this.client = client;
        this.reader = reader;
    }

    // ---- ClientStream

    @Override
    public void head(RequestHead head, HeaderOverlay extra, boolean last) {
        if (request == null && isOutboundOpen()) {
            request = head;
            overlay = extra;
            headOnly = last;
            client.start(this, head, extra, last);
        }
    }

    /** The upstream's SETTINGS arrived. */
    void startLate() {
        RequestHead head = request;
        HeaderOverlay extra = overlay;
        if (head != null && extra != null) {
            client.start(this, head, extra, headOnly);
        }
    }

    @Override
    public ReadGate responseGate() {
        return this;
    }

    @Override
    public ClientConnection connection() {
        return client;
    }

    /** The response has begun. */
    boolean hasAnswered() {
        return answered || informationals > 0;
    }

    // ---- H2Stream

    @Override
    BodyReader reader() {
        return reader;
    }

    @Override
    void onWritable() {
        reader.onWritable();
    }

    @Override
    public void receivedHeaders(ReceivedBlock block, boolean end) {
        if (answered) {
            receivedTrailers(block);
        } else if (isInboundOpen()) {
            receivedHead(block, end);
        }
    }

    private void receivedHead(ReceivedBlock block, boolean end) {
        RequestHead asked = request;
        boolean wantsTunnel = asked != null && asked.upgrade() != null;
        ResponseHead head =
                ResponseInspection.read(block, client.limits().head().maxHeaders(), wantsTunnel);
        if (head == null) {
            refuse("malformed response head");
        } else if (head.isInformational()) {
            receivedInformational(head, end);
        } else {
            answered = true;
            tunnel = head.status() == SWITCHING_PROTOCOLS;
            if (!isBodiless(head.status(), asked)) {
                declare(head.contentLength());
            }
            receivedFinal(head, end);
        }
    }

    /** Whether the length that the head declares says nothing of the data that follows (RFC 9113 section 8.1.1). */
    private static boolean isBodiless(int status, @Nullable RequestHead asked) {
        return ResponseHead.isWithoutContent(status)
                || (asked != null && asked.method().equals("HEAD"));
    }

    private void receivedInformational(ResponseHead head, boolean end) {
        if (end || ++informationals > client.limits().head().maxInformational()) {
            refuse("an informational response that ends the stream, or too many");
            return;
        }
        try {
            reader.onInformational(head);
        } catch (RuntimeException e) {
            client.readerFailed(this, e);
        }
    }

    private void receivedFinal(ResponseHead head, boolean end) {
        if (end && isShort()) {
            refuse(SHORT);
            return;
        }
        if (end) {
            inboundEndedWithHead();
        }
        try {
            reader.onHead(head, end);
        } catch (RuntimeException e) {
            client.readerFailed(this, e);
        }
        if (end) {
            inboundEnded();
        }
    }

    /** Not with an informational response: its client would never hear of a final one (RFC 9113 section 8.1). */
    @Override
    boolean isHeadRead() {
        return answered;
    }

    /** The response is complete: what is left of the request is of no use to the upstream (spec/reliability.md B42). */
    @Override
    void inboundEnded() {
        if (!tunnel && !isOutboundEndWritten()) {
            reset(ProxyError.proxy(ErrorCode.LOCAL_RESET, "the response came before the request's end"));
        }
    }

    @Override
    void outboundEndGiven() {
        // The response is still to come.
    }

    @Override
    void outboundEndWritten() {
        // The response is still to come.
    }

    @Override
    Http2Error codeOf(ProxyError error) {
        return ResetCodes.towardsUpstream(error);
    }

    @Override
    ProxyError meaningOf(long code) {
        return ResetCodes.fromUpstream(code);
    }

    @Override
    ProxyError violation(String detail) {
        return ProxyError.upstream(ErrorCode.UPSTREAM_PROTOCOL, detail);
    }

    @Override
    ProxyError lost() {
        return client.lossOf(this);
    }

    @Override
    void givenUpUnbound() {
        client.unstartedEnded(this);
    }
}
