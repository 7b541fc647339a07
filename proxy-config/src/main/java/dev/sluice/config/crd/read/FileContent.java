package dev.sluice.config.crd.read;

import dev.sluice.config.validate.Finding;
import java.util.List;

/**
 * What one file gives. Immutable.
 *
 * @param objects in the order of writing
 * @param findings about the file, its documents and its objects
 * @param unparsable whether reading ended before the end of the file: objects may be missing
 * @param nameless whether a document is wrong where it says which object it is (apiVersion, kind, name): an object may be
 *     missing that was not removed
 */
public record FileContent(List<ReadObject> objects, List<Finding> findings, boolean unparsable, boolean nameless) {
    public FileContent {
        objects = List.copyOf(objects);
        findings = List.copyOf(findings);
    }

    /** The same with other records of the same objects. */
    public FileContent with(List<ReadObject> others) {
        return new FileContent(others, findings, unparsable, nameless);
    }
}
