package dev.sluice.config.plan;

import dev.sluice.config.plan.words.SourcePart;
import org.jspecify.annotations.Nullable;

/**
 * Where something was written. All references are equal to each other: moving a rule down by a comment line must not
 * make its plan a different one. Where lines before it come or go, it follows ({@link SourcePart}).
 */
public final class SourceRef {
    /** For plans that no file stands behind (built-in routes, tests). */
    public static final SourceRef NONE = new SourceRef("", 0, 0);

    private final SourcePart part;
    private final int line;
    private final int column;

    /**
     * A place in a file.
     *
     * @param file path as the user gave it; empty when the plan was not made from a file
     * @param line 1-based; 0 when unknown
     * @param column 1-based; 0 when unknown
     */
    public SourceRef(String file, int line, int column) {
        this(new SourcePart(file), line, column);
    }

    /**
     * A place in a part of a file.
     *
     * @param line of the part, 1-based
     */
    public SourceRef(SourcePart part, int line, int column) {
        this.part = part;
        this.line = line;
        this.column = column;
    }

    /** Path as the user gave it; empty when the plan was not made from a file. */
    public String file() {
        return part.file();
    }

    /** 1-based; 0 when unknown. */
    public int line() {
        return part.linesBefore() + line;
    }

    /** 1-based; 0 when unknown. */
    public int column() {
        return column;
    }

    /** The part of the file that it is in. */
    public SourcePart part() {
        return part;
    }

    /** As {@link #line}, of the part. */
    public int lineOfPart() {
        return line;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SourceRef;
    }

    @Override
    public int hashCode() {
        return 0;
    }

    @Override
    public String toString() {
        return file() + ":" + line() + ":" + column;
    }
}
