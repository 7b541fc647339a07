package dev.sluice.proxy.log;

import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;

/** Netty's loggers, without the look for a logging library that Netty begins with. */
public final class NettyLogs extends InternalLoggerFactory {
    private static final NettyLogs INSTANCE = new NettyLogs();

    private NettyLogs() {}

    /** From now on Netty logs as everybody does; for loggers that are made later. */
    public static void install() {
        InternalLoggerFactory.setDefaultFactory(INSTANCE);
    }

    @Override
    protected InternalLogger newInstance(String name) {
        return new NettyLogger(name);
    }
}
