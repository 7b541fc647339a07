package dev.sluice.config.crd.tree;

/**
 * Something that is not YAML, or YAML that is refused.
 *
 * @param line 1-based
 * @param column 1-based, in characters
 * @param message what is wrong, without the place
 */
public record YamlProblem(int line, int column, String message) {}
