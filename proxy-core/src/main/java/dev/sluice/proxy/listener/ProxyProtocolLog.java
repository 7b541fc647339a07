package dev.sluice.proxy.listener;

import dev.sluice.proxy.cluster.UnixAddress;
import dev.sluice.proxy.log.Logs;
import dev.sluice.proxy.log.RareLine;
import io.netty.channel.Channel;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts connections that were closed for want of a usable header of the PROXY protocol, and tells why in a line now and then:
 * anybody can cause one. Thread-safe.
 */
public final class ProxyProtocolLog {
    private static final Logger LOG = Logs.of(ProxyProtocolLog.class);

    private final LongAdder malformed = new LongAdder();
    private final LongAdder late = new LongAdder();
    private final RareLine line = new RareLine();

    void malformed(String listener, Channel channel, String why) {
        malformed.increment();
        tell(listener, channel, why);
    }

    void late(String listener, Channel channel) {
        late.increment();
        tell(listener, channel, "none was complete in time");
    }

    private void tell(String listener, Channel channel, String why) {
        if (line.take()) {
            LOG.log(
                    Level.WARNING,
                    "{0} closed a connection from {1}, which gatewayTopology.proxyProtocol wants to begin with a header of the"
                            + " PROXY protocol: {2}",
                    listener,
                    UnixAddress.remote(channel),
                    why);
        }
    }

    /** Connections that began with something else, or with a broken header. */
    public long malformed() {
        return malformed.sum();
    }

    /** Connections whose header did not come in time. */
    public long late() {
        return late.sum();
    }
}
