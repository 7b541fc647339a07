package dev.sluice.proxy.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An {@link EmbeddedChannel} that behaves like a socket: bytes arrive only when a read was asked for, one piece a read;
 * writes may be blocked; either half may be closed; time stands still unless advanced. All within the calling thread.
 */
public final class PullChannel extends EmbeddedChannel implements DuplexChannel {
    private static final Object FIN = new Object();

    private final Deque<Object> incoming = new ArrayDeque<>();
    private final StringBuilder written = new StringBuilder();
    private final MockTicker ticker;
    private boolean readPending;
    private boolean blocked;
    private boolean inputShutdown;
    private boolean outputShutdown;
    private int reads;

    public PullChannel(ChannelHandler... handlers) throws Exception {
        this(Ticker.newMockTicker(), handlers);
    }

    private PullChannel(MockTicker ticker, ChannelHandler... handlers) throws Exception {
        super(builder().register(false).ticker(ticker).handlers(handlers));
        this.ticker = ticker;
        config().setAllocator(PooledByteBufAllocator.DEFAULT);
        register();
        runPendingTasks();
    }

    /** The peer sends {@code text}, in one piece. */
    public PullChannel send(String text) {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The peer sends {@code bytes}, in one piece. */
    public PullChannel send(byte[] bytes) {
        if (isOpen()) {
            incoming.add(alloc().buffer(bytes.length).writeBytes(bytes));
            pump();
        }
        return this;
    }

    /** The peer shuts its sending side down. */
    public PullChannel sendFin() {
        incoming.add(FIN);
        pump();
        return this;
    }

    /** The peer resets the connection: noticed at once, as on epoll. What was not read yet is lost. */
    public PullChannel sendReset() {
        incoming.forEach(ReferenceCountUtil::release);
        incoming.clear();
        pipeline().fireExceptionCaught(new IOException("Connection reset by peer"));
        inputShutdown = true;
        pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        runPendingTasks();
        return this;
    }

    /** All that the peer got so far and was not asked for before. */
    public String received() {
        runPendingTasks();
        takeOutbound();
        String text = written.toString();
        written.setLength(0);
        return text;
    }

    /** The peer's receive window is full, or no longer so. */
    public void blockWrites(boolean block) {
        blocked = block;
        if (!block) {
            flush();
            runPendingTasks();
        }
    }

    /** Bytes sent by the peer that wait in its kernel, as nobody reads. */
    public int unread() {
        int bytes = 0;
        for (Object piece : incoming) {
            bytes += piece instanceof ByteBuf buffer ? buffer.readableBytes() : 0;
        }
        return bytes;
    }

    /** How many reads were asked for. */
    public int reads() {
        return reads;
    }

    /** Lets time pass. */
    public void pass(long amount, TimeUnit unit) {
        ticker.advance(amount, unit);
        runScheduledPendingTasks();
        runPendingTasks();
    }

    private void pump() {
        runPendingTasks();
        while (readPending && !incoming.isEmpty() && isActive()) {
            readPending = false;
            Object piece = incoming.poll();
            if (piece == FIN) {
                inputShutdown = true;
                pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            } else {
                pipeline().fireChannelRead(piece);
                pipeline().fireChannelReadComplete();
            }
            runPendingTasks();
        }
    }

    @Override
    protected void doBeginRead() {
        reads++;
        readPending = true;
        if (!incoming.isEmpty()) {
            eventLoop().execute(this::pump);
        }
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer in) throws Exception {
        if (!blocked) {
            super.doWrite(in);
        }
    }

    @Override
    protected void doClose() throws Exception {
        incoming.forEach(ReferenceCountUtil::release);
        incoming.clear();
        super.doClose();
    }

    private void takeOutbound() {
        for (@Nullable ByteBuf bytes = readOutbound(); bytes != null; bytes = readOutbound()) {
            written.append(bytes.toString(StandardCharsets.ISO_8859_1));
            bytes.release();
        }
    }

    @Override
    public boolean isInputShutdown() {
        return inputShutdown;
    }

    @Override
    public ChannelFuture shutdownInput() {
        return shutdownInput(newPromise());
    }

    @Override
    public ChannelFuture shutdownInput(ChannelPromise promise) {
        inputShutdown = true;
        return promise.setSuccess();
    }

    @Override
    public boolean isOutputShutdown() {
        return outputShutdown;
    }

    @Override
    public ChannelFuture shutdownOutput() {
        return shutdownOutput(newPromise());
    }

    @Override
    public ChannelFuture shutdownOutput(ChannelPromise promise) {
        outputShutdown = true;
        return promise.setSuccess();
    }

    @Override
    public boolean isShutdown() {
        return inputShutdown && outputShutdown;
    }

    @Override
    public ChannelFuture shutdown() {
        return shutdown(newPromise());
    }

    @Override
    public ChannelFuture shutdown(ChannelPromise promise) {
        inputShutdown = true;
        outputShutdown = true;
        return promise.setSuccess();
    }
}
