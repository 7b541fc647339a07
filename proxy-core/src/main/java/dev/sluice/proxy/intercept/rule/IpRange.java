package dev.sluice.proxy.intercept.rule;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * A block of addresses, written as the kernel prints it: {@code 10.0.0.0/8}, {@code fd00::/64}.
 *
 * @param address its first address, no name
 * @param prefix number of leading bits that count
 */
public record IpRange(InetAddress address, int prefix) {
    /**
     * Reads {@code ADDRESS} or {@code ADDRESS/BITS}; bits beyond the prefix are cleared, as iptables does.
     *
     * @throws IllegalArgumentException if it is none; no name is ever looked up
     */
    public static IpRange parse(String text) {
        int slash = text.indexOf('/');
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(slash < 0 ? text : text.substring(0, slash));
        // A zone (fe80::1%eth0) is silently dropped by Netty; a rule for another interface than was meant is worse than
        // none.
        if (bytes == null || text.indexOf('%') >= 0 || text.indexOf('[') >= 0) {
            throw new IllegalArgumentException("'" + text + "' is no IP address or range");
        }
        int width = bytes.length * 8;
        int prefix = slash < 0 ? width : Numbers.parse(text.substring(slash + 1), 0, width, "prefix of " + text);
        for (int bit = prefix; bit < width; bit++) {
            bytes[bit >> 3] &= (byte) ~(0x80 >> (bit & 7));
        }
        try {
            return new IpRange(InetAddress.getByAddress(bytes), prefix);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("'" + text + "' is no IP address or range", e);
        }
    }

    /** Whether rules of {@code family} can speak of it. */
    boolean in(Family family) {
        return (address.getAddress().length == 4) == (family == Family.IPV4);
    }

    @Override
    public String toString() {
        return NetUtil.toAddressString(address) + "/" + prefix;
    }
}
