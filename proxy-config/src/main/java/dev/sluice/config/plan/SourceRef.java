package dev.sluice.config.plan;

/**
 * Where something was written. All references are equal to each other: moving a rule down by a comment line must not
 * make its plan a different one.
 *
 * @param file path as the user gave it; empty when the plan was not made from a file
 * @param line 1-based; 0 when unknown
 * @param column 1-based; 0 when unknown
 */
public record SourceRef(String file, int line, int column) {
    /** For plans that no file stands behind (built-in routes, tests). */
    public static final SourceRef NONE = new SourceRef("", 0, 0);

    @Override
    public boolean equals(Object other) {
        return other instanceof SourceRef;
    }

    @Override
    public int hashCode() {
        return 0;
    }

    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}
