package dev.sluice.config.translate.registry;

import java.util.List;

/**
 * Addresses that stand for a service, whatever its endpoints are.
 *
 * @param addresses single ones, lower-case and without brackets
 * @param ranges {@code literal/bits}
 * @param elsewhere whoever dials the service dials an address of another's: it is another name, which DNS answers with that
 */
public record VirtualIps(List<String> addresses, List<String> ranges, boolean elsewhere) {
    /** A service that is known by its name alone. */
    public static final VirtualIps NONE = new VirtualIps(List.of(), List.of(), false);

    /** A service that is another name for something that has addresses. */
    public static final VirtualIps ELSEWHERE = new VirtualIps(List.of(), List.of(), true);

    public VirtualIps {
        addresses = List.copyOf(addresses);
        ranges = List.copyOf(ranges);
    }
}
