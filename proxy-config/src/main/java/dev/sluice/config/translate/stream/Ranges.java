package dev.sluice.config.translate.stream;

import dev.sluice.config.plan.chain.Cidr;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** Addresses and ranges of them as objects write them. */
public final class Ranges {
    private Ranges() {}

    /** An IP literal or {@code literal/bits}; null for what is neither, which validation has told. Nothing is looked up. */
    public static @Nullable Cidr parse(String written) {
        int slash = written.indexOf('/');
        String address = slash < 0 ? written : written.substring(0, slash);
        // What is made of these letters alone is taken as a literal, not looked up.
        boolean literal = !address.isEmpty()
                && address.chars().allMatch(c -> Character.digit(c, 16) >= 0 || c == '.' || c == ':')
                && (address.indexOf(':') >= 0 || Character.isDigit(address.charAt(address.length() - 1)));
        if (!literal) {
            return null;
        }
        try {
            byte[] bytes = InetAddress.getByName(address).getAddress();
            return Cidr.of(bytes, slash < 0 ? -1 : Integer.parseInt(written.substring(slash + 1)));
        } catch (UnknownHostException | IllegalArgumentException e) {
            return null;
        }
    }
}
