package dev.sluice.proxy.app.options;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The command line of {@code wait} in its plain forms, read without picocli as {@link QuickRun} does it: a health check runs
 * it every few seconds beside the proxy, within the same limit of memory.
 */
public final class QuickWait {
    private final WaitOptions options = new WaitOptions();
    private final Set<String> given = new HashSet<>();

    private QuickWait() {}

    /** The options of {@code arguments}, which begin with the command; null where picocli has to read them. */
    public static @Nullable QuickWait parse(String... arguments) {
        if (arguments.length == 0 || !arguments[0].equals("wait")) {
            return null;
        }
        QuickWait quick = new QuickWait();
        for (int i = 1; i < arguments.length; i++) {
            String argument = arguments[i];
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            String value =
                    equals >= 0 ? argument.substring(equals + 1) : i + 1 < arguments.length ? arguments[++i] : "";
            if (!PlainWord.is(value) || !quick.option(name, value)) {
                return null;
            }
        }
        String admin = quick.given.contains("--admin") ? null : Environment.single("--admin");
        if (admin != null) {
            quick.options.admin = admin;
        }
        return quick;
    }

    private boolean option(String name, String value) {
        switch (name) {
            case "--admin" -> options.admin = value;
            case "--url" -> options.url = value;
            case "--timeout" -> {
                if (!PlainWord.isNumber(value)) {
                    return false;
                }
                options.timeoutSeconds = Integer.parseInt(value);
            }
            default -> {
                return false;
            }
        }
        return given.add(name);
    }

    /** All of them. */
    public WaitOptions options() {
        return options;
    }
}
