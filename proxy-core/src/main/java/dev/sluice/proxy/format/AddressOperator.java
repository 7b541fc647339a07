package dev.sluice.proxy.format;

import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Operators on addresses: {@code 10.0.0.1:80}, {@code [fd00::1]:80}, without port {@code fd00::1}. */
final class AddressOperator {
    private AddressOperator() {}

    /** The three operators that Envoy has for each address. */
    static Map<String, Operator> all(String prefix, Function<FormatSource, @Nullable SocketAddress> reader) {
        return Map.of(
                prefix + "_ADDRESS", whole(reader),
                prefix + "_ADDRESS_WITHOUT_PORT", withoutPort(reader),
                prefix + "_PORT", port(reader));
    }

    /** Address with port. */
    static Operator whole(Function<FormatSource, @Nullable SocketAddress> reader) {
        return (source, to) -> {
            SocketAddress address = reader.apply(source);
            if (address == null) {
                return false;
            }
            // A Unix socket, or an address of a test's channel, says it in its own way.
            to.append(address instanceof InetSocketAddress inet ? NetUtil.toSocketAddressString(inet) : address);
            return true;
        };
    }

    private static Operator withoutPort(Function<FormatSource, @Nullable SocketAddress> reader) {
        return (source, to) -> {
            SocketAddress address = reader.apply(source);
            if (address == null) {
                return false;
            }
            if (address instanceof InetSocketAddress inet) {
                to.append(
                        inet.getAddress() == null ? inet.getHostString() : NetUtil.toAddressString(inet.getAddress()));
            } else {
                to.append(address);
            }
            return true;
        };
    }

    private static Operator port(Function<FormatSource, @Nullable SocketAddress> reader) {
        return (source, to) -> {
            if (reader.apply(source) instanceof InetSocketAddress inet) {
                to.append(inet.getPort());
                return true;
            }
            return false;
        };
    }
}
