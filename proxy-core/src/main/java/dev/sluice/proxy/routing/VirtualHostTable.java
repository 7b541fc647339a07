package dev.sluice.proxy.routing;

import dev.sluice.proxy.match.AsciiCase;
import dev.sluice.proxy.stream.headers.WireText;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the virtual host of an authority (spec/istio-fields.md §0.3): exact, then the longest {@code *suffix}, then
 * {@code *}; within a name the domain with the request's port, then the one without (see {@link
 * dev.sluice.config.plan.VirtualHostPlan}). Case, one trailing dot and the brackets of an IPv6 literal do not count. Where no
 * domain has a port, as on nearly every listener, an authority is looked up in place and nothing is copied. Immutable.
 */
final class VirtualHostTable {
    /** The port of an authority that names none. */
    private static final int DEFAULT_PORT = 80;

    /** What stands after the colon is no port. */
    private static final int NO_PORT = 0;

    private final List<VirtualHost> hosts;
    private final FoldedTable exact;

    private final FoldedTable suffixes;
    /** Which lengths occur among the suffixes. */
    private final boolean[] suffixLengths;

    /** Keys are {@code name:port}. */
    private final @Nullable FoldedTable exactWithPort;

    private final @Nullable FoldedTable suffixesWithPort;

    /** @param hosts where two ask for the same domain, the first keeps it */
    VirtualHostTable(List<VirtualHost> hosts) {
        this.hosts = hosts;
        Map<String, Integer> names = new HashMap<>();
        Map<String, Integer> endings = new HashMap<>();
        Map<String, Integer> namesWithPort = new HashMap<>();
        Map<String, Integer> endingsWithPort = new HashMap<>();
        int longest = 0;
        for (int number = 0; number < hosts.size(); number++) {
            for (String domain : hosts.get(number).plan().domains()) {
                String text = AsciiCase.fold(WireText.of(domain));
                int hostEnd = endOfHost(text);
                boolean wildcard = text.startsWith("*");
                int from = wildcard ? 1 : startOfName(text);
                String name = text.substring(from, Math.max(from, endOfName(text, hostEnd)));
                if (hostEnd < text.length()) {
                    String withPort = name + text.substring(hostEnd);
                    (wildcard ? endingsWithPort : namesWithPort).putIfAbsent(withPort, number);
                } else {
                    (wildcard ? endings : names).putIfAbsent(name, number);
                }
                longest = wildcard ? Math.max(longest, name.length()) : longest;
            }
        }
        this.exact = new FoldedTable(names);
        this.suffixes = new FoldedTable(endings);
        this.exactWithPort = namesWithPort.isEmpty() ? null : new FoldedTable(namesWithPort);
        this.suffixesWithPort = endingsWithPort.isEmpty() ? null : new FoldedTable(endingsWithPort);
        this.suffixLengths = new boolean[longest + 1];
        endings.keySet().forEach(suffix -> suffixLengths[suffix.length()] = true);
    }

    private VirtualHostTable(VirtualHostTable same, List<VirtualHost> hosts) {
        this.hosts = hosts;
        this.exact = same.exact;
        this.suffixes = same.suffixes;
        this.suffixLengths = same.suffixLengths;
        this.exactWithPort = same.exactWithPort;
        this.suffixesWithPort = same.suffixesWithPort;
    }

    /** A table of other hosts, which shares all it can with this one where they have the same domains in the same order. */
    VirtualHostTable with(List<VirtualHost> others) {
        boolean same = others.size() == hosts.size();
        for (int i = 0; i < others.size() && same; i++) {
            VirtualHost host = hosts.get(i);
            same = others.get(i) == host
                    || others.get(i).plan().domains().equals(host.plan().domains());
        }
        return same ? new VirtualHostTable(this, others) : new VirtualHostTable(others);
    }

    /** @param authority as received; empty when there was none, which only {@code *} takes */
    @Nullable
    VirtualHost find(String authority) {
        int hostEnd = endOfHost(authority);
        int from = startOfName(authority);
        int to = Math.max(from, endOfName(authority, hostEnd));
        int found = exactWithPort == null && suffixesWithPort == null
                ? findName(authority, from, to)
                : findWithPort(authority.substring(from, to), port(authority, hostEnd));
        return found == FoldedTable.MISSING ? null : hosts.get(found);
    }

    private int findName(String text, int from, int to) {
        int length = 0;
        int hash = 0;
        int best = suffixes.get(text, to, to, 0);
        for (int i = to - 1; i >= from; i--) {
            hash = FoldedTable.prepend(text.charAt(i), hash);
            length++;
            // A wildcard needs at least one character in place of its star.
            if (i > from && length < suffixLengths.length && suffixLengths[length]) {
                int found = suffixes.get(text, i, to, hash);
                best = found == FoldedTable.MISSING ? best : found;
            }
        }
        int found = from == to ? FoldedTable.MISSING : exact.get(text, from, to, hash);
        return found == FoldedTable.MISSING ? best : found;
    }

    /** For the few listeners whose domains have ports; a name with its port beats the same name without. */
    private int findWithPort(String name, int port) {
        String withPort = name + ":" + port;
        if (!name.isEmpty()) {
            int found = get(exactWithPort, withPort, 0);
            found = found == FoldedTable.MISSING ? exact.get(name, 0, name.length()) : found;
            if (found != FoldedTable.MISSING) {
                return found;
            }
        }
        for (int at = Math.min(1, name.length()); at <= name.length(); at++) {
            int found = get(suffixesWithPort, withPort, at);
            found = found == FoldedTable.MISSING ? suffixes.get(name, at, name.length()) : found;
            if (found != FoldedTable.MISSING) {
                return found;
            }
        }
        return FoldedTable.MISSING;
    }

    private static int get(@Nullable FoldedTable table, String text, int from) {
        return table == null ? FoldedTable.MISSING : table.get(text, from, text.length());
    }

    /** Index after the opening bracket of an IPv6 literal, else 0. */
    private static int startOfName(String authority) {
        return authority.startsWith("[") ? 1 : 0;
    }

    /** Index after the name: before the closing bracket, or before one trailing dot. */
    private static int endOfName(String authority, int hostEnd) {
        if (hostEnd == 0) {
            return 0;
        }
        char last = authority.charAt(hostEnd - 1);
        return last == '.' || (last == ']' && authority.charAt(0) == '[') ? hostEnd - 1 : hostEnd;
    }

    /** Index of the colon before the port, or the length. An IPv6 literal without brackets has no port. */
    private static int endOfHost(String authority) {
        int colon = authority.lastIndexOf(':');
        if (colon < 0 || colon < authority.lastIndexOf(']')) {
            return authority.length();
        }
        boolean literal = authority.charAt(0) != '[' && authority.indexOf(':') < colon;
        return literal ? authority.length() : colon;
    }

    private static int port(String authority, int hostEnd) {
        int length = authority.length() - hostEnd - 1;
        if (length <= 0) {
            return DEFAULT_PORT;
        }
        int port = 0;
        for (int i = hostEnd + 1; i < authority.length(); i++) {
            int digit = authority.charAt(i) - '0';
            if (digit < 0 || digit > 9 || length > 5) {
                return NO_PORT;
            }
            port = port * 10 + digit;
        }
        return port;
    }
}
