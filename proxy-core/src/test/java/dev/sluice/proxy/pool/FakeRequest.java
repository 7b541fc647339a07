package dev.sluice.proxy.pool;

import dev.sluice.proxy.exchange.Attempt;
import dev.sluice.proxy.exchange.AttemptOwner;
import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.exchange.ExchangeObserver;
import dev.sluice.proxy.stream.DownstreamConnection;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.ReadGate;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.ResponseHead;
import dev.sluice.proxy.stream.ServerStream;
import dev.sluice.proxy.stream.headers.H1Headers;
import dev.sluice.proxy.stream.headers.Headers;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/** A GET without body that makes one attempt and remembers what became of it. Its client takes whatever comes. */
final class FakeRequest implements AttemptOwner {
    final Exchange exchange;
    final Attempt attempt;

    @Nullable
    ProxyError error;

    int answers;

    FakeRequest(EventLoop loop) {
        RequestHead head = RequestHead.builder(HttpVersion.HTTP_1_1, "GET", "/", H1Headers.create())
                .build();
        this.exchange = new Exchange(head, true, new Client(loop), 1, ExchangeObserver.NONE);
        this.attempt = exchange.newAttempt(this);
    }

    /** It has a stream, or had one. */
    boolean isServed() {
        return exchange.firstUpstreamNanos() != 0;
    }

    boolean isOver() {
        return answers > 0 || error != null;
    }

    /** The client goes away. */
    void cancel() {
        exchange.onReset(ProxyError.downstream(ErrorCode.CLIENT_GONE, ""));
    }

    @Override
    public void onResponse(Attempt same, ResponseHead head, boolean last) {
        answers++;
        same.commit(head, last);
    }

    @Override
    public void onFailure(Attempt same, ProxyError reason) {
        if (error != null) {
            throw new AssertionError("failed twice: " + error + ", " + reason);
        }
        error = reason;
    }

    private record Client(EventLoop loop) implements ServerStream {
        @Override
        public DownstreamConnection connection() {
            throw new UnsupportedOperationException("nobody asks who the client is");
        }

        @Override
        public ReadGate requestGate() {
            throw new UnsupportedOperationException("the request has no body");
        }

        @Override
        public void informational(ResponseHead head) {}

        @Override
        public void head(ResponseHead head, boolean last) {}

        @Override
        public void data(ByteBuf data, boolean last) {
            data.release();
        }

        @Override
        public void trailers(Headers trailers) {}

        @Override
        public void reset(ProxyError error) {}

        @Override
        public boolean isWritable() {
            return true;
        }
    }
}
