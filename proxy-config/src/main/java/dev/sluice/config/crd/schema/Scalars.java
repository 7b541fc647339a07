package dev.sluice.config.crd.schema;

import dev.sluice.config.crd.schema.RecordSchema.Field;
import dev.sluice.config.crd.schema.RecordSchema.Shape;
import dev.sluice.config.crd.tree.Location;
import dev.sluice.config.crd.tree.Quote;
import dev.sluice.config.crd.tree.ScalarNode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Turns scalars into the types that records declare, as strictly as a CRD: a number in quotes is no number. */
final class Scalars {
    private static final long MAX_UINT32 = 0xFFFF_FFFFL;

    private final BiConsumer<Location, String> error;

    Scalars(BiConsumer<Location, String> error) {
        this.error = error;
    }

    /** The value, or null with a problem told. */
    @Nullable
    Object convert(Field field, ScalarNode node) {
        Object value = node.value();
        return switch (field.kind()) {
            case STRING -> string(field, node);
            case BOOLEAN -> value instanceof Boolean ? value : wrong(field, node);
            case INT32 -> {
                Long number = integer(field, node, Integer.MIN_VALUE, Integer.MAX_VALUE);
                yield number == null ? null : (Object) number.intValue();
            }
            case UINT32 -> integer(field, node, 0, MAX_UINT32);
            case INT64 -> integer(field, node, Long.MIN_VALUE, Long.MAX_VALUE);
            case NUMBER -> number(field, node);
            case DURATION -> duration(field, node);
            case ENUM -> constant(field, node);
            case INT_OR_STRING -> intOrString(field, node);
            case RECORD, ANY -> throw new IllegalStateException(field.name() + " is no scalar");
        };
    }

    /** What a field takes, with its article. */
    static String wanted(Field field) {
        return switch (field.kind()) {
            case STRING -> "a string";
            case BOOLEAN -> "true or false";
            case INT32, UINT32, INT64 -> "a whole number";
            case NUMBER -> "a number";
            case DURATION -> "a duration such as \"1.5s\"";
            case ENUM -> "one of " + String.join(", ", names(field));
            case INT_OR_STRING -> "a number or a name";
            case RECORD -> "an object";
            case ANY -> "a value";
        };
    }

    private @Nullable Object wrong(Field field, ScalarNode node) {
        return fail(node, "must be " + wanted(field) + ", not " + Binder.shown(node));
    }

    private @Nullable Object fail(ScalarNode node, String message) {
        error.accept(node.location(), message);
        return null;
    }

    private @Nullable Object string(Field field, ScalarNode node) {
        String text = node.text();
        if (text == null) {
            return node.isNull()
                    ? wrong(field, node)
                    : fail(node, "must be a string, not " + Binder.shown(node) + "; put it in quotes");
        }
        Rules.Size size = field.size();
        if (size != null && field.shape() == Shape.ONE && text.length() > size.max()) {
            return fail(node, "must have at most " + size.max() + " characters, not " + text.length());
        }
        return field.base64() && !isBase64(text) ? fail(node, "is not base64") : text;
    }

    /** Line breaks are let pass, as Kubernetes does it. */
    private static boolean isBase64(String text) {
        int letters = 0;
        int padding = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter =
                    (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
            if (c == '=' || (letter && padding == 0)) {
                padding += c == '=' ? 1 : 0;
                letters++;
            } else if (c != '\n' && c != '\r') {
                return false;
            }
        }
        return letters % 4 == 0 && padding <= 2;
    }

    private @Nullable Long integer(Field field, ScalarNode node, long min, long max) {
        Object value = node.value();
        if (value instanceof Double number && number == Math.rint(number) && Math.abs(number) < 1e15) {
            value = number.longValue();
        }
        long least = Math.max(min, (long) field.min());
        long most = Math.min(max, (long) field.max());
        if (value instanceof Long number && number >= least && number <= most) {
            return number;
        }
        if (value instanceof Long || value instanceof BigInteger) {
            String bounds = most == Long.MAX_VALUE ? "at least " + least : "between " + least + " and " + most;
            fail(node, "must be " + bounds + ", not " + value);
        } else {
            wrong(field, node);
        }
        return null;
    }

    private @Nullable Object number(Field field, ScalarNode node) {
        if (!(node.value() instanceof Number number)) {
            return wrong(field, node);
        }
        double value = number.doubleValue();
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return wrong(field, node);
        }
        if (value < field.min() || value > field.max()) {
            return fail(node, "must be " + bounds(field) + ", not " + number);
        }
        return value;
    }

    private static String bounds(Field field) {
        if (Double.isInfinite(field.max())) {
            return "at least " + plain(field.min());
        }
        return "between " + plain(field.min()) + " and " + plain(field.max());
    }

    private static String plain(double bound) {
        return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
    }

    private @Nullable Object duration(Field field, ScalarNode node) {
        String text = node.text();
        if (text == null) {
            return wrong(field, node);
        }
        try {
            return GoDuration.parse(text);
        } catch (IllegalArgumentException e) {
            return fail(node, Quote.of(text) + " " + e.getMessage());
        }
    }

    private @Nullable Object constant(Field field, ScalarNode node) {
        String text = node.text();
        if (text == null) {
            return wrong(field, node);
        }
        for (Object constant : field.raw().getEnumConstants()) {
            if (((Enum<?>) constant).name().equals(text)) {
                return constant;
            }
        }
        List<String> names = names(field);
        String near = NearestName.among(names, text);
        return fail(
                node,
                "unknown value " + Quote.of(text)
                        + (near == null ? "" : "; did you mean " + near + "?")
                        + (near == null ? "; must be " + wanted(field) : ""));
    }

    private static List<String> names(Field field) {
        List<String> names = new ArrayList<>();
        for (Object constant : field.raw().getEnumConstants()) {
            names.add(((Enum<?>) constant).name());
        }
        return names;
    }

    private @Nullable Object intOrString(Field field, ScalarNode node) {
        Object value = node.value();
        if (value instanceof Long number && number >= 0 && number <= Integer.MAX_VALUE) {
            return new IntOrString(number.intValue(), null);
        }
        return value instanceof String name ? new IntOrString(null, name) : wrong(field, node);
    }
}
