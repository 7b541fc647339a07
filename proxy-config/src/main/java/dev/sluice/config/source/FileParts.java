package dev.sluice.config.source;

import dev.sluice.config.crd.read.FileContent;
import dev.sluice.config.crd.read.ReadObject;
import dev.sluice.config.validate.Finding;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A large file in parts of some documents each, so that a change costs what it changes: parts whose text stays are not read
 * again, wherever in the file they are by now.
 *
 * @param parts in order, end to end
 * @param moved whether some that stayed are at other lines than before
 */
record FileParts(List<FilePart> parts, boolean moved) implements SourceText {
    FileParts {
        parts = List.copyOf(parts);
    }

    /** What the file says: what reading it as a whole would give. */
    FileContent content() {
        List<ReadObject> objects = new ArrayList<>();
        List<Finding> findings = new ArrayList<>();
        boolean nameless = false;
        for (FilePart part : parts) {
            objects.addAll(part.content().objects());
            findings.addAll(part.content().findings());
            nameless |= part.content().nameless();
        }
        Collections.sort(findings);
        return new FileContent(objects, findings, false, nameless);
    }

    FileParts withoutSource() {
        return new FileParts(parts.stream().map(FilePart::withoutSource).toList(), moved);
    }

    FileParts lean(Leaner leaner) {
        List<FilePart> lean = new ArrayList<>(parts.size());
        for (FilePart part : parts) {
            lean.add(part.lean(leaner));
        }
        return new FileParts(lean, moved);
    }
}
