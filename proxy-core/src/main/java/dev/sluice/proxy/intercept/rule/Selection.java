package dev.sluice.proxy.intercept.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * {@code *}, or a list that may be empty.
 *
 * @param all whether it is {@code *}; then {@code items} is empty
 * @param items in the order written, each once
 * @param <T> ports, ranges, …
 */
public record Selection<T>(boolean all, List<T> items) {
    public Selection {
        items = List.copyOf(items);
    }

    /** {@code *}. */
    public static <T> Selection<T> everything() {
        return new Selection<>(true, List.of());
    }

    /** @throws IllegalArgumentException if {@code text} is neither {@code *} nor a list of ports */
    public static Selection<Integer> ports(String text) {
        return parse(text, Selection::port);
    }

    /** @throws IllegalArgumentException if {@code text} is neither {@code *} nor a list of addresses and ranges */
    public static Selection<IpRange> ranges(String text) {
        return parse(text, IpRange::parse);
    }

    /** A list without {@code *}: numbers of ports. */
    public static List<Integer> portList(String text) {
        return list(text, Selection::port);
    }

    /** A list without {@code *}: addresses and ranges. */
    public static List<IpRange> rangeList(String text) {
        return list(text, IpRange::parse);
    }

    /** A list without {@code *}: user or group ids. */
    public static List<Integer> idList(String text) {
        return list(text, item -> Numbers.parse(item, 0, Integer.MAX_VALUE, "id"));
    }

    /** A list without {@code *}: names of interfaces; {@code +} at the end stands for any continuation, as in iptables. */
    public static List<String> interfaceList(String text) {
        return list(text, Selection::networkInterface);
    }

    private static <T> Selection<T> parse(String text, Function<String, T> item) {
        return text.trim().equals("*") ? everything() : new Selection<>(false, list(text, item));
    }

    private static <T> List<T> list(String text, Function<String, T> item) {
        List<T> items = new ArrayList<>();
        for (String word : Numbers.items(text)) {
            T value = item.apply(word);
            if (!items.contains(value)) {
                items.add(value);
            }
        }
        return List.copyOf(items);
    }

    private static int port(String text) {
        return Numbers.parse(text, 1, 65535, "port");
    }

    /** Linux takes 15 bytes of nearly anything; what could be read as more than a name in a rule is refused. */
    private static String networkInterface(String text) {
        boolean wildcard = text.endsWith("+");
        String name = wildcard ? text.substring(0, text.length() - 1) : text;
        boolean plain = !name.isEmpty()
                && name.length() <= 15
                && name.chars().allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || "._-:@".indexOf(c) >= 0))
                && name.charAt(0) != '-';
        if (!plain) {
            throw new IllegalArgumentException("'" + text + "' is no interface's name");
        }
        return text;
    }
}
