package dev.sluice.proxy.stream.headers;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** The list of addresses in {@code x-forwarded-for}: each proxy adds whom it got the request from at its end. Pure. */
public final class ForwardedFor {
    private ForwardedFor() {}

    /**
     * An address of {@code list}.
     *
     * @param list what all headers of the name say, joined by commas
     * @param back 0 for the last entry
     * @return null where there are not as many, or where the entry is no plain IP address
     */
    public static @Nullable InetAddress address(CharSequence list, int back) {
        int end = list.length();
        for (int i = 0; i < back; i++) {
            end = comma(list, end);
            if (end < 0) {
                return null;
            }
        }
        String entry = list.subSequence(comma(list, end) + 1, end).toString().strip();
        byte[] address = NetUtil.createByteArrayFromIpAddressString(entry);
        if (address == null) {
            return null;
        }
        try {
            return InetAddress.getByAddress(address);
        } catch (UnknownHostException e) {
            throw new AssertionError("Netty makes addresses of 4 or 16 bytes", e);
        }
    }

    /** The last comma before {@code end}; -1 where there is none. */
    private static int comma(CharSequence list, int end) {
        int at = end - 1;
        while (at >= 0 && list.charAt(at) != ',') {
            at--;
        }
        return at;
    }
}
