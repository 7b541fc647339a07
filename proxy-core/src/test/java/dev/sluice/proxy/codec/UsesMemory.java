package dev.sluice.proxy.codec;

import dev.sluice.proxy.overload.LoopMemory;
import dev.sluice.proxy.overload.MemoryPressure;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Has the loop of a channel look at a pressure of the test's own, before the handler that is tested joins it. */
final class UsesMemory extends ChannelInboundHandlerAdapter {
    private final MemoryPressure pressure;
    private final ChannelHandler tested;
    private LoopMemory memory;

    UsesMemory(MemoryPressure pressure, ChannelHandler tested) {
        this.pressure = pressure;
        this.tested = tested;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        memory = LoopMemory.use(ctx.executor(), pressure);
        ctx.pipeline().addAfter(ctx.name(), null, tested);
    }

    LoopMemory memory() {
        return memory;
    }
}
