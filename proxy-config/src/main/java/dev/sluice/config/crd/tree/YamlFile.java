package dev.sluice.config.crd.tree;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was read of a file.
 *
 * @param documents in order; those before the problem where there is one
 * @param fatal why reading ended before the end of the file; null when it did not
 */
public record YamlFile(List<YamlDocument> documents, @Nullable YamlProblem fatal) {
    public YamlFile {
        documents = List.copyOf(documents);
    }
}
