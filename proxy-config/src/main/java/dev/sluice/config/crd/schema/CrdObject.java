package dev.sluice.config.crd.schema;

import dev.sluice.config.crd.tree.Location;
import dev.sluice.config.crd.tree.MapNode;
import dev.sluice.config.crd.tree.NodePath;
import dev.sluice.config.validate.Finding;
import dev.sluice.config.validate.Finding.Severity;
import dev.sluice.config.validate.Finding.Subject;
import org.jspecify.annotations.Nullable;

/** A Kubernetes object as written. Immutable; equality is of content, places do not count. */
public interface CrdObject {
    /** The mapping that holds the object's fields: its {@code spec}, or the document where the kind has no spec. */
    MapNode at();

    /** Who it is. */
    Metadata metadata();

    /** As in the document's {@code kind}. */
    String kind();

    /** The path of {@link #at()} in the document, empty for the document itself. */
    default String root() {
        return "spec";
    }

    /** Who it is, in a finding. */
    default Subject subject() {
        return new Subject(kind(), metadata().namespace(), metadata().name());
    }

    /**
     * A finding about a part of this object.
     *
     * @param part the record's {@code at} of the part in question
     * @param field the key whose value is meant; null for the part as a whole
     */
    default Finding finding(Severity severity, String code, MapNode part, @Nullable String field, String message) {
        Location where = field == null ? part.location() : part.field(field);
        return new Finding(where, severity, code, subject(), NodePath.find(root(), at(), part, field), message);
    }
}
