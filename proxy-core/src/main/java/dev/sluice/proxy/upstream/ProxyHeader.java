package dev.sluice.proxy.upstream;

import dev.sluice.config.plan.ClusterPlan;
import dev.sluice.config.plan.ConnectPlan.ProxyProtocol;
import dev.sluice.proxy.stream.DownstreamConnection;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The header of the PROXY protocol (haproxy.org, "The PROXY protocol", versions 1 and 2), which tells an upstream from where
 * to where its client was connected. What is no pair of IP addresses of one family is told as unknown. Immutable.
 *
 * @param version how it is written
 * @param client where the client's connection comes from
 * @param target what it was made to: this proxy's end, or what it was to be
 */
public record ProxyHeader(ProxyProtocol version, SocketAddress client, SocketAddress target) {
    private static final byte[] SIGNATURE = {13, 10, 13, 10, 0, 13, 10, 81, 85, 73, 84, 10};
    private static final byte[] UNKNOWN_V1 = "PROXY UNKNOWN\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int LOCAL = 0x20;
    private static final int PROXIED = 0x21;
    private static final int STREAM_IPV4 = 0x11;
    private static final int STREAM_IPV6 = 0x21;

    /** The header by which {@code cluster} is told of a client; null where it is not. */
    public static @Nullable ProxyHeader of(ClusterPlan cluster, DownstreamConnection client) {
        ProxyProtocol version = cluster.connect().proxyProtocol();
        return version == null ? null : new ProxyHeader(version, client.remoteAddress(), client.localAddress());
    }

    /** What is sent. */
    public byte[] bytes() {
        boolean known = client instanceof InetSocketAddress from
                && target instanceof InetSocketAddress to
                && from.getAddress() != null
                && to.getAddress() != null
                && from.getAddress().getClass() == to.getAddress().getClass();
        if (!known) {
            return version == ProxyProtocol.V1 ? UNKNOWN_V1.clone() : local();
        }
        InetSocketAddress from = (InetSocketAddress) client;
        InetSocketAddress to = (InetSocketAddress) target;
        return version == ProxyProtocol.V1 ? text(from, to) : binary(from, to);
    }

    private static byte[] text(InetSocketAddress from, InetSocketAddress to) {
        String family = from.getAddress().getAddress().length == 4 ? "TCP4" : "TCP6";
        return String.join(
                        " ",
                        "PROXY",
                        family,
                        text(from.getAddress()),
                        text(to.getAddress()),
                        Integer.toString(from.getPort()),
                        Integer.toString(to.getPort()) + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Without the scope that the JDK writes behind a link-local address. */
    private static String text(InetAddress address) {
        return NetUtil.toAddressString(address);
    }

    private static byte[] local() {
        return ByteBuffer.allocate(16).put(SIGNATURE).put((byte) LOCAL).array();
    }

    private static byte[] binary(InetSocketAddress from, InetSocketAddress to) {
        byte[] client = from.getAddress().getAddress();
        byte[] target = to.getAddress().getAddress();
        int addresses = client.length + target.length + 4;
        return ByteBuffer.allocate(16 + addresses)
                .put(SIGNATURE)
                .put((byte) PROXIED)
                .put((byte) (client.length == 4 ? STREAM_IPV4 : STREAM_IPV6))
                .putShort((short) addresses)
                .put(client)
                .put(target)
                .putShort((short) from.getPort())
                .putShort((short) to.getPort())
                .array();
    }
}
