package dev.sluice.config.crd.tree;

import java.util.List;

/**
 * One document of a file.
 *
 * @param root what it holds; never YAML's null, empty documents are left out
 * @param problems what made it invalid although reading went on: keys given twice, tags that are not allowed
 */
public record YamlDocument(Node root, List<YamlProblem> problems) {
    public YamlDocument {
        problems = List.copyOf(problems);
    }
}
