package dev.sluice.config.validate.rule;

import dev.sluice.config.crd.HostNames;
import dev.sluice.config.crd.tree.ListNode;
import dev.sluice.config.crd.tree.MapNode;
import dev.sluice.config.crd.tree.Node;
import dev.sluice.config.crd.tree.Quote;
import dev.sluice.config.crd.tree.ScalarNode;
import dev.sluice.config.validate.text.DnsText;
import dev.sluice.config.validate.text.LabelText;
import dev.sluice.config.validate.text.PortProtocol;
import dev.sluice.config.validate.text.RegexText;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rules for single values that occur in several kinds (spec §11, common predicates). */
public final class ValueRules {
    private static final int MAX_PORT = 65535;
    private static final int LABEL_LENGTH = 63;

    private ValueRules() {}

    /**
     * Whether nothing is written under {@code field}: no key, null, or an empty list or mapping. A record's list may also
     * be empty because its items are not of the right form, which has been told already.
     */
    public static boolean none(MapNode part, String field) {
        Node node = part.get(field);
        return node == null
                || (node instanceof ScalarNode scalar && scalar.isNull())
                || (node instanceof ListNode list && list.items().isEmpty())
                || (node instanceof MapNode map && map.size() == 0);
    }

    /** Whether {@code field} is there with any value but null, be it an empty one: what {@code has()} of a CRD's rules asks. */
    public static boolean isThere(MapNode part, String field) {
        Node node = part.get(field);
        return node != null && !(node instanceof ScalarNode scalar && scalar.isNull());
    }

    /** Whether something is written there, an empty text not counted. */
    public static boolean isSet(MapNode part, String field) {
        return !none(part, field) && !(part.get(field) instanceof ScalarNode scalar && "".equals(scalar.text()));
    }

    /** At least a millisecond, and whole milliseconds. */
    public static void duration(Report report, MapNode part, String field, @Nullable Duration value) {
        if (value == null) {
            return;
        }
        if (value.compareTo(Duration.ofMillis(1)) < 0) {
            report.error(Place.of(part, field), "must be at least 1ms, not " + shown(value));
        } else if (!isWhole(value, ChronoUnit.MILLIS)) {
            report.error(Place.of(part, field), "must be whole milliseconds");
        }
    }

    /** The same for a limit, which somebody may have meant to lift by {@code 0s}. */
    public static void limit(Report report, MapNode part, String field, @Nullable Duration value) {
        if (value != null && value.isZero()) {
            report.error(Place.of(part, field), "must be at least 1ms, not 0s; remove it, and there is no limit");
        } else {
            duration(report, part, field, value);
        }
    }

    /** As Go prints it, near enough for a message. */
    public static String shown(Duration value) {
        if (value.isZero()) {
            return "0s";
        }
        if (isWhole(value, ChronoUnit.SECONDS)) {
            return value.toSeconds() + "s";
        }
        return isWhole(value, ChronoUnit.MILLIS) ? value.toMillis() + "ms" : value.toNanos() + "ns";
    }

    /** Whether {@code value} is a number of {@code unit}s, with nothing over. */
    public static boolean isWhole(Duration value, ChronoUnit unit) {
        return value.equals(value.truncatedTo(unit));
    }

    /** 1 to 65535. */
    public static void port(Report report, Place place, long number) {
        if (!isPort(number)) {
            report.error(place, "must be a port between 1 and " + MAX_PORT + ", not " + number);
        }
    }

    /** Whether a socket can have it: 1 to 65535. */
    public static boolean isPort(long number) {
        return number >= 1 && number <= MAX_PORT;
    }

    /** A port that may be left out; 0 is the same as that. */
    public static void optionalPort(Report report, Place place, @Nullable Long number) {
        if (number != null && number != 0) {
            port(report, place, number);
        }
    }

    /** 0 to 100. */
    public static void percent(Report report, Place place, double value) {
        if (!(value >= 0 && value <= 100)) {
            report.error(place, "must be a percentage between 0 and 100, not " + number(value));
        }
    }

    /** As somebody would write it: a whole number without its {@code .0}, a small one without an exponent. */
    public static String number(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            return Long.toString((long) value);
        }
        return Math.abs(value) < 1 ? BigDecimal.valueOf(value).toPlainString() : Double.toString(value);
    }

    /** None or a positive number. */
    public static void notNegative(Report report, Place place, @Nullable Integer value) {
        if (value != null && value < 0) {
            report.error(place, "must not be negative, but is " + value);
        }
    }

    /** A DNS-1123 label. */
    public static void label(Report report, Place place, String value) {
        if (!DnsText.isLabel(value)) {
            report.error(place, Quote.of(value) + " must be letters, digits and inner hyphens, at most 63");
        }
    }

    /** A host name whose first label may be a wildcard. */
    public static void wildcardDomain(Report report, Place place, String value) {
        String problem = DnsText.wildcardDomainProblem(value);
        if (problem != null) {
            report.error(place, problem);
        }
    }

    /** Keys and values of Kubernetes' labels. */
    public static void labels(Report report, MapNode part, String field, Map<String, String> labels) {
        labels.forEach((key, value) -> {
            Place map = Place.of(part, field);
            if (!LabelText.isKey(key)) {
                report.error(
                        map.key(key),
                        Quote.of(key) + " is no label: must be [prefix/]name, of letters, digits, -, _ and ., the name"
                                + " at most 63");
            }
            if (!LabelText.isValue(value)) {
                report.error(
                        map.field(key),
                        Quote.of(value) + " is no value of a label: must be letters, digits, -, _ and ., at most 63");
            }
        });
    }

    /** A selector's labels: no empty key, no wildcard; without any it selects everything, which is rarely meant. */
    public static void selector(Report report, MapNode selector, String field, Map<String, String> labels) {
        labels.forEach((key, value) -> {
            Place entry = Place.of(selector, field);
            if (key.isEmpty()) {
                report.error(entry.key(key), "a selector must not have an empty key");
            }
            if (key.indexOf('*') >= 0) {
                report.error(entry.key(key), Quote.of(key) + ": a selector takes no wildcard");
            }
            if (value.indexOf('*') >= 0) {
                report.error(entry.field(key), Quote.of(value) + ": a selector takes no wildcard");
            }
            if (value.length() > LABEL_LENGTH) {
                report.error(
                        entry.field(key),
                        "must have at most " + LABEL_LENGTH + " characters, as no label has more, not "
                                + value.length());
            }
        });
        if (labels.isEmpty()) {
            report.warning(Place.of(selector), "a selector without labels takes every workload of the namespace");
        }
    }

    /** An expression that RE2 compiles. */
    public static void regex(Report report, Place place, String expression) {
        String problem = RegexText.problem(expression);
        if (problem != null) {
            report.error(place, problem);
        }
    }

    /**
     * References to gateways. As in Istio, the first one without a slash is also the last one that is looked at.
     */
    public static void gateways(Report report, MapNode part, List<String> references) {
        for (int i = 0; i < references.size(); i++) {
            String reference = references.get(i);
            Place place = Place.of(part, "gateways").item(i);
            int slash = reference.indexOf('/');
            if (slash < 0) {
                gatewayWithoutNamespace(report, place, reference);
                return;
            }
            String namespace = reference.substring(0, slash);
            String name = reference.substring(slash + 1);
            if (namespace.isEmpty() || name.isEmpty()) {
                report.error(place, Quote.of(reference) + " must be namespace/name, neither of them empty");
            } else if (!DnsText.isLabel(namespace) || !DnsText.isLabel(name)) {
                report.error(
                        place,
                        Quote.of(reference) + " must be namespace/name, each of letters, digits and inner hyphens");
            }
        }
    }

    private static void gatewayWithoutNamespace(Report report, Place place, String reference) {
        String problem = DnsText.fqdnProblem(reference);
        if (problem != null) {
            report.error(place, problem);
        }
        if (reference.indexOf('.') >= 0) {
            String preferred = HostNames.gateway(reference, report.namespace());
            report.warning(
                    place, "legacy form " + Quote.of(reference) + "; prefer namespace/name: " + Quote.of(preferred));
        }
    }

    /** A protocol that is known, or none: then it is detected. */
    public static @Nullable PortProtocol protocol(Report report, MapNode port, @Nullable String protocol) {
        if (protocol == null || protocol.isEmpty()) {
            return null;
        }
        PortProtocol known = PortProtocol.of(protocol);
        if (known == null) {
            report.error(Place.of(port, "protocol"), Quote.of(protocol) + " must be one of " + PortProtocol.NAMES);
        }
        return known;
    }
}
