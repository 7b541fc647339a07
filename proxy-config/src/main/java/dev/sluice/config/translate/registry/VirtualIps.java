package dev.sluice.config.translate.registry;

import java.util.List;

/**
 * Addresses that stand for a service, whatever its endpoints are.
 *
 * @param addresses single ones, lower-case and without brackets
 * @param ranges {@code literal/bits}
 */
public record VirtualIps(List<String> addresses, List<String> ranges) {
    /** A service that is known by its name alone. */
    public static final VirtualIps NONE = new VirtualIps(List.of(), List.of());

    public VirtualIps {
        addresses = List.copyOf(addresses);
        ranges = List.copyOf(ranges);
    }
}
