package dev.sluice.proxy.loop;

import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;

/**
 * Any of Netty's transports, its turns timed. A turn begins when the wait for sockets is over and ends when the loop comes
 * back to wait: the sockets that were ready, and the tasks after them.
 *
 * <p>Each transport asks its context, directly after the wait, whether the time of its work should be reported; that question
 * is what begins a turn here. {@code LoopWatchdogIT} tells when a later version of Netty asks no more.
 */
final class TimedIo extends ForwardingIo {
    private final TurnClock clock;
    private final Runnable atEnd;

    private TimedIo(IoHandler netty, TurnClock clock, Runnable atEnd) {
        super(netty);
        this.clock = clock;
        this.atEnd = atEnd;
    }

    /** The handlers of {@code netty}, each watched by {@code watchdog}. */
    static IoHandlerFactory watched(IoHandlerFactory netty, LoopWatchdog watchdog) {
        return executor -> {
            IoHandler handler = netty.newHandler(executor);
            TurnClock clock = watchdog.add();
            if (executor instanceof WorkerLoop loop) {
                clock.tells(loop);
            }
            return new TimedIo(handler, clock, () -> watchdog.remove(clock));
        };
    }

    @Override
    public void initialize() {
        clock.begin();
        super.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
        clock.waits();
        return super.run(clock.timing(context));
    }

    @Override
    public void destroy() {
        atEnd.run();
        super.destroy();
    }
}
