package dev.sluice.proxy.admin.http;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which {@code Host} the admin port answers to. A page of a stranger can make its own name resolve to 127.0.0.1 and then
 * read what it likes (DNS rebinding); it cannot make the browser send another Host than that name.
 *
 * <p>The port is not compared: it is another one behind a tunnel or a container's port mapping, and protects nothing.
 */
final class HostRule {
    private final String bindHost;
    private final boolean beyondLoopback;

    /**
     * @param bindHost as in {@code --admin}, lower-case
     * @param beyondLoopback whether the port is bound to more than loopback; an address literal is then as good as the
     *     bound one, for a literal is never rebound
     */
    HostRule(String bindHost, boolean beyondLoopback) {
        this.bindHost = bindHost;
        this.beyondLoopback = beyondLoopback;
    }

    /** Whether a request that came in at {@code local} may name {@code host}. */
    boolean allows(String host, InetSocketAddress local) {
        String name = withoutPort(host.strip().toLowerCase(Locale.ROOT));
        if (name == null || name.isEmpty()) {
            return false;
        }
        if (name.equals("localhost") || name.equals(bindHost)) {
            return true;
        }
        InetAddress literal = literal(name);
        return literal != null && (beyondLoopback || literal.isLoopbackAddress() || literal.equals(local.getAddress()));
    }

    private static @Nullable String withoutPort(String host) {
        int bracket = host.lastIndexOf(']');
        int colon = host.indexOf(':', bracket + 1);
        if (colon >= 0 && !isPort(host, colon + 1)) {
            return null;
        }
        String name = colon < 0 ? host : host.substring(0, colon);
        return name.startsWith("[") && name.endsWith("]") ? name.substring(1, name.length() - 1) : name;
    }

    private static boolean isPort(String host, int from) {
        for (int i = from; i < host.length(); i++) {
            if (host.charAt(i) < '0' || host.charAt(i) > '9') {
                return false;
            }
        }
        return host.length() - from <= 5;
    }

    /** Null when it is a name. Never asks DNS. */
    private static @Nullable InetAddress literal(String name) {
        return NetUtil.isValidIpV4Address(name) || NetUtil.isValidIpV6Address(name)
                ? NetUtil.createInetAddressFromIpAddressString(name)
                : null;
    }
}
