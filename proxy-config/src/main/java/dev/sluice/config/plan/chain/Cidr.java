package dev.sluice.config.plan.chain;

import org.jspecify.annotations.Nullable;

/**
 * A range of IP addresses, normalised: bits behind the prefix are zero.
 *
 * @param v6 whether it is of IPv6; an IPv4 address mapped into IPv6 counts as IPv4
 * @param high the address's first 64 bits for IPv6; 0 for IPv4
 * @param low the address's last 64 bits for IPv6; its 32 bits for IPv4
 * @param prefix bits that count: 0 to 32, or 0 to 128
 */
public record Cidr(boolean v6, long high, long low, int prefix) {
    public Cidr {
        if (prefix < 0 || prefix > (v6 ? 128 : 32)) {
            throw new IllegalArgumentException("prefix length " + prefix);
        }
        if (v6) {
            high &= mask(Math.min(prefix, 64), 64);
            low &= mask(Math.max(prefix - 64, 0), 64);
        } else {
            high = 0;
            low &= mask(prefix, 32);
        }
    }

    /** The first {@code bits} of a number of {@code width} bits. */
    private static long mask(int bits, int width) {
        long all = width == 64 ? -1L : (1L << width) - 1;
        return bits == 0 ? 0 : all & (-1L << (width - bits));
    }

    /**
     * The range that starts with these bytes.
     *
     * @param address 4 or 16 bytes, network order
     * @param prefix negative: the one address
     */
    public static Cidr of(byte[] address, int prefix) {
        if (address.length == 4) {
            return new Cidr(false, 0, bits(address, 0, 4), prefix < 0 ? 32 : prefix);
        }
        if (address.length != 16) {
            throw new IllegalArgumentException("address of " + address.length + " bytes");
        }
        long high = bits(address, 0, 8);
        long low = bits(address, 8, 8);
        if (isMapped(high, low) && (prefix < 0 || prefix >= 96)) {
            return new Cidr(false, 0, low & 0xFFFFFFFFL, prefix < 0 ? 32 : prefix - 96);
        }
        return new Cidr(true, high, low, prefix < 0 ? 128 : prefix);
    }

    /** Whether it holds an address of 4 or 16 bytes. */
    public boolean contains(byte @Nullable [] address) {
        if (address == null || (address.length != 4 && address.length != 16)) {
            return false;
        }
        Cidr one = of(address, -1);
        if (one.v6 != v6) {
            return false;
        }
        return v6
                ? (one.high & mask(Math.min(prefix, 64), 64)) == high
                        && (one.low & mask(Math.max(prefix - 64, 0), 64)) == low
                : (one.low & mask(prefix, 32)) == low;
    }

    /** Whether it holds every address of {@code other}. */
    public boolean covers(Cidr other) {
        return other.v6 == v6 && other.prefix >= prefix && new Cidr(v6, other.high, other.low, prefix).equals(this);
    }

    private static boolean isMapped(long high, long low) {
        return high == 0 && (low >>> 32) == 0xFFFFL;
    }

    private static long bits(byte[] from, int at, int length) {
        long value = 0;
        for (int i = 0; i < length; i++) {
            value = value << 8 | (from[at + i] & 0xFF);
        }
        return value;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        if (v6) {
            for (int group = 0; group < 8; group++) {
                long of = group < 4 ? high : low;
                text.append(group == 0 ? "" : ":").append(Long.toHexString(of >>> (48 - 16 * (group & 3)) & 0xFFFF));
            }
        } else {
            for (int octet = 0; octet < 4; octet++) {
                text.append(octet == 0 ? "" : ".").append(low >>> (24 - 8 * octet) & 0xFF);
            }
        }
        return text.append('/').append(prefix).toString();
    }
}
