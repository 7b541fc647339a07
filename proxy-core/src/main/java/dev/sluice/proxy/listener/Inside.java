package dev.sluice.proxy.listener;

import dev.sluice.proxy.codec.ChannelConnection;
import dev.sluice.proxy.snapshot.ChainRuntime;
import dev.sluice.proxy.snapshot.ListenerRuntime;
import dev.sluice.proxy.stream.ServerStreamHandler;
import org.jspecify.annotations.Nullable;

/**
 * Who serves what is inside a client's TLS.
 *
 * @param listener as of the moment when the connection came
 * @param chain that took it, and ends TLS
 * @param connection as it is outside
 * @param requests takes requests; null for a chain of bytes
 */
record Inside(
        ListenerPipelines pipelines,
        ListenerRuntime listener,
        ChainRuntime chain,
        ChannelConnection connection,
        @Nullable ServerStreamHandler requests) {}
