package dev.sluice.config.crd.read;

import dev.sluice.config.validate.Finding;
import java.util.List;

/**
 * What one file gives. Immutable.
 *
 * @param objects in the order of writing
 * @param findings about the file, its documents and its objects
 * @param unparsable whether reading ended before the end of the file: objects may be missing
 */
public record FileContent(List<ReadObject> objects, List<Finding> findings, boolean unparsable) {
    public FileContent {
        objects = List.copyOf(objects);
        findings = List.copyOf(findings);
    }
}
