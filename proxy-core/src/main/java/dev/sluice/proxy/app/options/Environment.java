package dev.sluice.proxy.app.options;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Options as environment variables: {@code SLUICE_} and the option's name in upper case. A repeatable one is separated by
 * commas there, and only there. An empty variable is one that is not set, as manifests have them.
 */
public final class Environment {
    private static final String PREFIX = "SLUICE_";

    /** Those that take one value. Not every option is one: SLUICE_VERSION means something else to most people. */
    public static final Set<String> SINGLE = Set.of(
            "--namespace",
            "--service-account",
            "--locality",
            "--workers",
            "--transport",
            "--admin",
            "--admin-token",
            "--outbound",
            "--intercept",
            "--status",
            "--app-probes",
            "--app-metrics",
            "--drain",
            "--certs",
            "--access-log");

    /** What Istio's injector calls the same. */
    private static final Map<String, String> ISTIOS =
            Map.of("--app-probes", "ISTIO_KUBE_APP_PROBERS", "--app-metrics", "ISTIO_PROMETHEUS_ANNOTATIONS");

    /** The variable of an option with one value, else Istio's; null when neither is set. */
    public static @Nullable String single(String option) {
        String source = source(option);
        return source == null ? null : RunOptions.given(System.getenv(source));
    }

    /** The variable that {@link #single} takes the option's value from; null when there is none. */
    public static @Nullable String source(String option) {
        if (!SINGLE.contains(option)) {
            return null;
        }
        boolean own = RunOptions.given(System.getenv(variable(option))) != null;
        return own ? variable(option) : ISTIOS.get(option);
    }

    /** What was given on the command line, else the items of the option's variable, else nothing. */
    static List<String> orElse(@Nullable List<String> given, String option) {
        if (given != null) {
            return given;
        }
        String value = System.getenv(variable(option));
        if (value == null) {
            return List.of();
        }
        return items(value);
    }

    /** Items between commas; those within braces, as of a list for {@code --set}, and behind a backslash separate none. */
    static List<String> items(String value) {
        List<String> items = new ArrayList<>();
        StringBuilder item = new StringBuilder();
        int depth = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == ',' && depth == 0) {
                items.add(item.toString());
                item.setLength(0);
                continue;
            }
            if (c == '\\' && value.startsWith(",", i + 1)) {
                i++;
                c = ',';
            } else if (c == '{') {
                depth++;
            } else if (c == '}') {
                depth = Math.max(0, depth - 1);
            }
            item.append(c);
        }
        items.add(item.toString());
        return items.stream().map(String::trim).filter(text -> !text.isEmpty()).toList();
    }

    private static String variable(String option) {
        return PREFIX + option.substring(2).replace('-', '_').toUpperCase(Locale.ROOT);
    }
}
