package dev.sluice.config.crd.schema;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the CRD says of a type beyond names and types of its fields. A record that has such rules gives them from a method
 * {@code static Rules rules()} without parameters, which {@link RecordSchema} calls once; each field is named as its
 * component.
 *
 * <p>Plain code rather than annotations: of each kind of annotation the JVM makes a class when it is read, together a tenth
 * of the proxy's start, and no start-up cache keeps those.
 */
public final class Rules {
    /** None: what a record without the method has. */
    static final Rules NONE = new Rules();

    private final Set<String> required = new HashSet<>();
    private final Set<String> base64 = new HashSet<>();
    private final Map<String, Range> ranges = new HashMap<>();
    private final Map<String, Size> sizes = new HashMap<>();
    private final List<List<String>> oneOfs = new ArrayList<>();
    private final List<String> alsoKnown = new ArrayList<>();
    private boolean open;

    /** Numbers allowed, the bounds too. */
    record Range(double min, double max) {}

    /** How many items, entries or characters are allowed, the bounds too. */
    record Size(int min, int max) {}

    /** A document without one of these is refused. */
    public Rules required(String... fields) {
        required.addAll(List.of(fields));
        return this;
    }

    /** Minimum and maximum of a number, both allowed; of a list or map, of each value. */
    public Rules range(String field, double min, double max) {
        ranges.put(field, new Range(min, max));
        return this;
    }

    /** The same without a maximum. */
    public Rules atLeast(String field, double min) {
        return range(field, min, Double.POSITIVE_INFINITY);
    }

    /**
     * Bounds of the number of items of a list, entries of a map or characters of a text, both allowed; the least counts
     * only where the field is there.
     */
    public Rules size(String field, int min, int max) {
        sizes.put(field, new Size(min, max));
        return this;
    }

    /** A text, or each value of a map, is bytes in base64. */
    public Rules base64(String field) {
        base64.add(field);
        return this;
    }

    /** At most one of these may be set: a protobuf oneof, or a CRD rule of the same meaning. */
    public Rules oneOf(String... fields) {
        oneOfs.add(List.of(fields));
        return this;
    }

    /** Fields that Sluice has no use for: their names are known, their values are not looked at. */
    public Rules alsoKnown(String... names) {
        alsoKnown.addAll(List.of(names));
        return this;
    }

    /** Keys that the record does not name are no findings: it declares only the part of a large type that Sluice reads. */
    public Rules open() {
        open = true;
        return this;
    }

    boolean isRequired(String field) {
        return required.contains(field);
    }

    boolean isBase64(String field) {
        return base64.contains(field);
    }

    @Nullable
    Range range(String field) {
        return ranges.get(field);
    }

    @Nullable
    Size size(String field) {
        return sizes.get(field);
    }

    List<List<String>> oneOfs() {
        return oneOfs;
    }

    List<String> alsoKnown() {
        return alsoKnown;
    }

    boolean isOpen() {
        return open;
    }

    /** Every field that a rule is about. */
    Set<String> named() {
        Set<String> named = new HashSet<>(required);
        named.addAll(base64);
        named.addAll(ranges.keySet());
        named.addAll(sizes.keySet());
        oneOfs.forEach(named::addAll);
        return named;
    }
}
