package dev.sluice.config.crd.tree;

import dev.sluice.config.plan.SourceRef;

/**
 * A place in a configuration file.
 *
 * @param file path as the user gave it
 * @param line 1-based
 * @param column 1-based, in characters
 */
public record Location(String file, int line, int column) {
    /** Where {@code ref} points by now: lines before it may have come or gone. */
    public static Location of(SourceRef ref) {
        return new Location(ref.file(), ref.line(), ref.column());
    }

    /** {@code file:line:column}, as compilers print it and editors follow it. */
    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}
