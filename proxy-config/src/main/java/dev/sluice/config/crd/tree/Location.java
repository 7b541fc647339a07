package dev.sluice.config.crd.tree;

/**
 * A place in a configuration file.
 *
 * @param file path as the user gave it
 * @param line 1-based
 * @param column 1-based, in characters
 */
public record Location(String file, int line, int column) {
    /** {@code file:line:column}, as compilers print it and editors follow it. */
    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}
