package dev.sluice.proxy.upstream.names;

import java.net.InetAddress;
import java.util.Arrays;

/**
 * Addresses that no request may be passed through to, whatever name it came by (spec/reliability.md E8): link-local ones,
 * where clouds serve credentials to whoever asks, and those that mean this machine or many machines. Names are judged by
 * what they resolve to, so a name of an attacker that points there is refused as well. Pure.
 */
public final class ForbiddenAddresses {
    /** Amazon's metadata service over IPv6; a unique local address, the only one that is known to serve credentials. */
    private static final byte[] EC2_METADATA = {(byte) 0xfd, 0, 0x0e, (byte) 0xc2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0x54
    };

    /** RFC 6052, section 2.1: an IPv4 address follows. */
    private static final byte[] NAT64 = {0, 0x64, (byte) 0xff, (byte) 0x9b, 0, 0, 0, 0, 0, 0, 0, 0};

    private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff, (byte) 0xff};
    private static final byte[] COMPATIBLE = new byte[12];

    private ForbiddenAddresses() {}

    /** Whether {@code address} is one of them. */
    public static boolean contains(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == 4 ? isForbidden4(bytes) : isForbidden6(address, bytes);
    }

    private static boolean isForbidden4(byte[] bytes) {
        int first = bytes[0] & 0xff;
        int second = bytes[1] & 0xff;
        boolean linkLocal = first == 169 && second == 254;
        // 0.0.0.0/8 is this machine to a connect; from 224 on come multicast, reserved and broadcast.
        return linkLocal || first == 0 || first >= 224;
    }

    private static boolean isForbidden6(InetAddress address, byte[] bytes) {
        if (address.isLinkLocalAddress() || address.isMulticastAddress() || Arrays.equals(bytes, EC2_METADATA)) {
            return true;
        }
        if (bytes[0] == 0x20 && bytes[1] == 0x02) {
            // 6to4 (RFC 3056): the IPv4 address is the router's, which delivers to it.
            return isForbidden4(Arrays.copyOfRange(bytes, 2, 6));
        }
        byte[] prefix = Arrays.copyOf(bytes, 12);
        boolean carriesIpv4 =
                Arrays.equals(prefix, NAT64) || Arrays.equals(prefix, MAPPED) || Arrays.equals(prefix, COMPATIBLE);
        return carriesIpv4 && !address.isLoopbackAddress() && isForbidden4(Arrays.copyOfRange(bytes, 12, 16));
    }
}
