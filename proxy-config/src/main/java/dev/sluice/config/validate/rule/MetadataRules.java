package dev.sluice.config.validate.rule;

import dev.sluice.config.crd.schema.CrdObject;
import dev.sluice.config.crd.schema.GoDuration;
import dev.sluice.config.crd.schema.Metadata;
import dev.sluice.config.crd.schema.NearestName;
import dev.sluice.config.crd.tree.Quote;
import dev.sluice.config.validate.text.HeaderText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Annotations: those that Istio refuses (spec §11.0), and Sluice's own ({@code sluice.dev/…}). */
public final class MetadataRules {
    private static final String OWN = "sluice.dev/";
    private static final String DRY_RUN = "istio.io/dry-run";
    private static final String REJECT = "internal.istio.io/webhook-always-reject";
    private static final String PARENT = "internal.istio.io/parent";
    private static final Map<String, Annotation> KNOWN = new TreeMap<>();

    static {
        own("carry-headers", "Sidecar", MetadataRules::headersProblem);
        own("max-connections-per-endpoint", "DestinationRule", MetadataRules::countProblem);
        own("max-requests-per-endpoint", "DestinationRule", MetadataRules::countProblem);
        own("pending-deadline", "DestinationRule", MetadataRules::durationProblem);
        own("half-open", "DestinationRule", MetadataRules::shareProblem);
        own("replay-limit", "VirtualService", MetadataRules::bytesProblem);
        own("stream-idle-timeout", "VirtualService", MetadataRules::idleProblem);
        own("fault-scope", "VirtualService", MetadataRules::scopeProblem);
        own("socket-mode", "Gateway or Sidecar", MetadataRules::modeProblem);
    }

    private MetadataRules() {}

    @FunctionalInterface
    private interface ValueCheck {
        /** Why the value is not taken, or null. */
        @Nullable
        String problem(String value);
    }

    /** @param kinds one, or several with "or" between them */
    private record Annotation(String kinds, ValueCheck check) {}

    private static void own(String name, String kinds, ValueCheck check) {
        KNOWN.put(OWN + name, new Annotation(kinds, check));
    }

    /** Adds what is wrong with the annotations of {@code object}. */
    public static void check(CrdObject object, Report report) {
        Metadata metadata = object.metadata();
        for (Map.Entry<String, String> entry : metadata.annotations().entrySet()) {
            String name = entry.getKey();
            Place map = Place.of(metadata.at(), "annotations");
            if (name.equals(DRY_RUN)) {
                report.error(map.key(name), "only an AuthorizationPolicy can be run dry");
            } else if (name.equals(REJECT) || name.startsWith(PARENT)) {
                report.error(map.key(name), "is for Istio's internal use; remove it");
            } else if (name.startsWith(OWN)) {
                own(object.kind(), name, entry.getValue(), map, report);
            }
        }
    }

    private static void own(String kind, String name, String value, Place map, Report report) {
        Annotation annotation = KNOWN.get(name);
        if (annotation == null) {
            String near = NearestName.among(KNOWN.keySet(), name);
            report.warning(
                    Codes.UNKNOWN_ANNOTATION,
                    map.key(name),
                    "there is no such annotation"
                            + (near == null
                                    ? "; there are " + String.join(", ", KNOWN.keySet())
                                    : "; did you mean " + near + "?"));
        } else if (!List.of(annotation.kinds().split(" or ", -1)).contains(kind)) {
            report.warning(
                    Codes.UNKNOWN_ANNOTATION,
                    map.key(name),
                    "has no effect on a " + kind + "; it is for a " + annotation.kinds());
        } else {
            String problem = annotation.check().problem(value);
            if (problem != null) {
                report.warning(
                        Codes.BAD_ANNOTATION, map.field(name), Quote.of(value) + " is passed over: must be " + problem);
            }
        }
    }

    private static @Nullable String headersProblem(String value) {
        for (String name : items(value)) {
            if (!HeaderText.isToken(name) || HeaderText.isAuthority(name)) {
                return "names of headers, with commas between them";
            }
        }
        return null;
    }

    private static List<String> items(String value) {
        List<String> items = new ArrayList<>();
        int from = 0;
        while (from <= value.length()) {
            int comma = value.indexOf(',', from);
            int end = comma < 0 ? value.length() : comma;
            items.add(value.substring(from, end).strip());
            from = end + 1;
        }
        return items;
    }

    private static @Nullable String countProblem(String value) {
        return number(value, 1, Integer.MAX_VALUE) ? null : "a whole number above 0";
    }

    private static @Nullable String bytesProblem(String value) {
        return number(value, 0, Integer.MAX_VALUE) ? null : "a number of bytes";
    }

    private static @Nullable String shareProblem(String value) {
        return number(value, 1, 100) ? null : "a percentage between 1 and 100, without a percent sign";
    }

    private static @Nullable String scopeProblem(String value) {
        return value.equals("request") || value.equals("attempt") ? null : "\"request\" or \"attempt\"";
    }

    private static @Nullable String modeProblem(String value) {
        String digits = value.length() == 4 && value.charAt(0) == '0' ? value.substring(1) : value;
        boolean octal = digits.length() == 3 && digits.chars().allMatch(c -> c >= '0' && c <= '7');
        return octal ? null : "permissions of a file in octal, such as \"0660\"";
    }

    private static @Nullable String durationProblem(String value) {
        try {
            return GoDuration.parse(value).toMillis() > 0 ? null : "a duration of at least 1ms";
        } catch (IllegalArgumentException e) {
            return "a duration such as \"1.5s\"";
        }
    }

    private static @Nullable String idleProblem(String value) {
        return GoDuration.notNegative(value) == null ? "a duration such as \"5m\", or \"0s\" for none" : null;
    }

    private static boolean number(String value, long min, long max) {
        if (value.isEmpty() || value.length() > 10) {
            return false;
        }
        long number = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < '0' || c > '9') {
                return false;
            }
            number = number * 10 + (c - '0');
        }
        return number >= min && number <= max;
    }
}
