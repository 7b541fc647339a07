package dev.sluice.config.crd.tree;

import java.io.IOException;

/** Carries a {@link YamlProblem} out of the parser; never leaves this package. */
final class UnreadableYaml extends IOException {
    private static final long serialVersionUID = 1;

    private final transient YamlProblem problem;

    UnreadableYaml(int line, int column, String message) {
        super(message);
        this.problem = new YamlProblem(line, column, message);
    }

    YamlProblem problem() {
        return problem;
    }
}
