package dev.sluice.config.crd.tree;

import dev.sluice.config.plan.SourceRef;
import dev.sluice.config.plan.words.SourcePart;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A YAML scalar, resolved as Kubernetes does ({@link ScalarResolver}).
 *
 * <p>{@link #value()} is a {@code String}, {@code Boolean}, {@code Long}, {@code BigInteger} (beyond 64 bits), {@code
 * Double} or null.
 */
public final class ScalarNode implements Node {
    private final SourcePart part;
    private final int line;
    private final int column;
    private final @Nullable Object value;
    /** What was written, where the value does not say; set only for values that may also be taken as text. */
    private final @Nullable String untyped;

    /**
     * @param at where it is written
     * @param value see above
     */
    public ScalarNode(Location at, @Nullable Object value) {
        this(new SourcePart(at.file()), at.line(), at.column(), value, null);
    }

    ScalarNode(SourcePart part, int line, int column, @Nullable Object value, @Nullable String untyped) {
        this.part = part;
        this.line = line;
        this.column = column;
        this.value = value;
        this.untyped = untyped;
    }

    /** A value from a command line, where nobody quotes: {@code 15001} serves a string field and a number field. */
    public static ScalarNode untyped(Location at, String text) {
        return new ScalarNode(new SourcePart(at.file()), at.line(), at.column(), ScalarResolver.resolve(text), text);
    }

    /** The resolved value; null for YAML's null. */
    public @Nullable Object value() {
        return value;
    }

    /** Whether this is YAML's null: written out, {@code ~}, or nothing at all. */
    public boolean isNull() {
        return value == null;
    }

    /** The text of a string, or of a value that may be taken as one; null for any other. */
    public @Nullable String text() {
        return untyped != null ? untyped : value instanceof String string ? string : null;
    }

    @Override
    public Location location() {
        return new Location(part.file(), part.linesBefore() + line, column);
    }

    @Override
    public SourceRef ref() {
        return new SourceRef(part, line, column);
    }

    @Override
    public String describe() {
        if (value == null) {
            return "null";
        }
        if (value instanceof String) {
            return "a string";
        }
        if (value instanceof Boolean) {
            return "a boolean";
        }
        return value instanceof Double ? "a number" : "an integer";
    }

    @Override
    public boolean equals(Object other) {
        return other == this || (other instanceof ScalarNode scalar && Objects.equals(value, scalar.value));
    }

    @Override
    public int hashCode() {
        return value == null ? 0 : value.hashCode();
    }

    @Override
    public String toString() {
        return String.valueOf(value);
    }
}
