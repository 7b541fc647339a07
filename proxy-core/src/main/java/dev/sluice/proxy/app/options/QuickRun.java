package dev.sluice.proxy.app.options;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The command line of {@code run} in its plain forms, read without picocli, whose classes no archive can hold and whose
 * reflection is more than half of a start. Takes only what picocli would take in the same way; all else, mistakes
 * included, is left to picocli and its messages.
 */
public final class QuickRun {
    private final IdentityOptions identity = new IdentityOptions();
    private final RunOptions options = new RunOptions();
    private final Set<String> given = new HashSet<>();

    private QuickRun() {
        identity.config = new ArrayList<>();
        options.admin = new AdminOptions();
    }

    /** The options of {@code arguments}, which begin with the command; null where picocli has to read them. */
    public static @Nullable QuickRun parse(String... arguments) {
        if (arguments.length == 0 || !arguments[0].equals("run")) {
            return null;
        }
        QuickRun run = new QuickRun();
        return run.arguments(arguments) && run.environment() ? run : null;
    }

    /** The files, and who this proxy is. */
    public IdentityOptions identity() {
        return identity;
    }

    /** All other options. */
    public RunOptions options() {
        return options;
    }

    private boolean arguments(String[] arguments) {
        for (int i = 1; i < arguments.length; i++) {
            String argument = arguments[i];
            if (argument.isEmpty() || argument.charAt(0) == '@') {
                return false;
            }
            if (argument.charAt(0) != '-') {
                identity.config.add(argument);
                continue;
            }
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            String value;
            if (equals >= 0) {
                value = argument.substring(equals + 1);
            } else if (name.equals("--intercept") || name.equals("--status")) {
                value = "true";
            } else if (i + 1 < arguments.length) {
                value = arguments[++i];
            } else {
                return false;
            }
            if (!PlainWord.is(value) || !(repeatable(name, value) || (given.add(name) && single(name, value)))) {
                return false;
            }
        }
        return !identity.config.isEmpty();
    }

    private boolean environment() {
        for (String name : Environment.SINGLE) {
            String value = given.contains(name) ? null : Environment.single(name);
            if (value != null && !single(name, value)) {
                return false;
            }
        }
        return true;
    }

    /** Takes an option that may be given several times; false when {@code name} is none. */
    private boolean repeatable(String name, String value) {
        switch (name) {
            case "--label" -> identity.labels = plus(identity.labels, value);
            case "--set" -> identity.set = plus(identity.set, value);
            case "--ignore-kind" -> identity.ignoreKinds = plus(identity.ignoreKinds, value);
            case "--carry-headers" -> {
                for (String header : value.split(",", -1)) {
                    options.carryHeaders = plus(options.carryHeaders, header);
                }
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private static List<String> plus(@Nullable List<String> before, String value) {
        List<String> all = before == null ? new ArrayList<>() : before;
        all.add(value);
        return all;
    }

    /** Takes an option with one value; false when {@code name} is none or the value not plainly right. */
    private boolean single(String name, String value) {
        switch (name) {
            case "--namespace" -> identity.namespace = value;
            case "--service-account" -> identity.serviceAccount = value;
            case "--locality" -> identity.locality = value;
            case "--admin" -> options.admin.admin = value;
            case "--admin-token" -> options.admin.tokenFile = value;
            case "--outbound" -> options.outbound = value;
            case "--transport" -> options.transport = value;
            case "--certs" -> options.certs = value;
            case "--access-log" -> options.accessLog = value;
            case "--intercept" -> {
                if (!value.equals("true") && !value.equals("false")) {
                    return false;
                }
                options.intercept = value.equals("true");
            }
            case "--status" -> {
                if (!value.equals("true") && !value.equals("false")) {
                    return false;
                }
                options.status = value.equals("true");
            }
            case "--app-probes" -> options.appProbes = value;
            case "--app-metrics" -> options.appMetrics = value;
            case "--workers" -> {
                if (!PlainWord.isNumber(value)) {
                    return false;
                }
                options.workers = Integer.parseInt(value);
            }
            case "--drain" -> {
                if (!PlainWord.isNumber(value)) {
                    return false;
                }
                options.drainSeconds = Double.valueOf(value);
            }
            default -> {
                return false;
            }
        }
        return true;
    }
}
