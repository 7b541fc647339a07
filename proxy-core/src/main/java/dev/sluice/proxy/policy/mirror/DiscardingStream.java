package dev.sluice.proxy.policy.mirror;

import dev.sluice.proxy.stream.DownstreamConnection;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.ReadGate;
import dev.sluice.proxy.stream.ResponseHead;
import dev.sluice.proxy.stream.ServerStream;
import dev.sluice.proxy.stream.headers.Headers;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;

/** The client of a shadow copy: reads everything, shows it to nobody. */
final class DiscardingStream implements ServerStream {
    private static final ReadGate OPEN = new ReadGate() {
        @Override
        public void pause() {}

        @Override
        public void resume() {}
    };

    private final ServerStream original;

    DiscardingStream(ServerStream original) {
        this.original = original;
    }

    @Override
    public EventLoop loop() {
        return original.loop();
    }

    @Override
    public DownstreamConnection connection() {
        return original.connection();
    }

    @Override
    public ReadGate requestGate() {
        return OPEN;
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
