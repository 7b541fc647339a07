package dev.sluice.proxy.telemetry.accesslog;

import dev.sluice.proxy.cluster.UnixAddress;
import dev.sluice.proxy.telemetry.line.LogLine;
import io.netty.util.NetUtil;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** Writes {@code 10.1.2.3:80}, {@code [2001:db8::1]:80} (RFC 5952) or the path of a Unix domain socket, which has no port. */
final class SocketAddressText {
    /** What of an address is wanted. */
    enum Part {
        BOTH,
        HOST,
        PORT
    }

    private static final String WITHOUT_PORT = "_WITHOUT_PORT";
    private static final String PORT = "PORT";

    private SocketAddressText() {}

    /** What an operator such as {@code UPSTREAM_LOCAL_PORT} wants of an address. */
    static Part partOf(String operator) {
        if (operator.endsWith("_ADDRESS" + WITHOUT_PORT)) {
            return Part.HOST;
        }
        return operator.endsWith("_" + PORT) ? Part.PORT : Part.BOTH;
    }

    /** The operator of the whole address: {@code UPSTREAM_LOCAL_ADDRESS}. */
    static String addressOf(String operator) {
        return switch (partOf(operator)) {
            case BOTH -> operator;
            case HOST -> operator.substring(0, operator.length() - WITHOUT_PORT.length());
            case PORT -> operator.substring(0, operator.length() - PORT.length()) + "ADDRESS";
        };
    }

    /** The whole address of a connection: most lines are of one that had a line before. */
    static boolean write(LogLine line, @Nullable SocketAddress address) {
        if (!(address instanceof InetSocketAddress)) {
            return write(line, address, Part.BOTH);
        }
        int start = line.size();
        if (!line.again(address)) {
            write(line, address, Part.BOTH);
            line.remember(address, start);
        }
        return true;
    }

    static boolean write(LogLine line, @Nullable SocketAddress address, Part part) {
        if (address == null) {
            return false;
        }
        if (!(address instanceof InetSocketAddress inet)) {
            if (part == Part.PORT) {
                return false;
            }
            line.escaped(UnixAddress.of(address).toString());
            return true;
        }
        if (part != Part.PORT) {
            host(line, inet, part == Part.BOTH);
        }
        if (part == Part.BOTH) {
            line.raw(':');
        }
        if (part != Part.HOST) {
            line.number(inet.getPort());
        }
        return true;
    }

    private static void host(LogLine line, InetSocketAddress inet, boolean brackets) {
        InetAddress address = inet.getAddress();
        if (address instanceof Inet4Address) {
            // Indexes are constant, so that the compiler need not make the array.
            byte[] bytes = address.getAddress();
            line.number(bytes[0] & 0xff).raw('.').number(bytes[1] & 0xff).raw('.');
            line.number(bytes[2] & 0xff).raw('.').number(bytes[3] & 0xff);
        } else if (address == null) {
            line.escaped(inet.getHostString());
        } else if (brackets) {
            line.raw('[').escaped(NetUtil.toAddressString(address, true)).raw(']');
        } else {
            line.escaped(NetUtil.toAddressString(address, true));
        }
    }
}
