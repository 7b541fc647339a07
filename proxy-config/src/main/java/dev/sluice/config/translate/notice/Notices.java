package dev.sluice.config.translate.notice;

import dev.sluice.config.crd.schema.CrdObject;
import dev.sluice.config.crd.tree.Location;
import dev.sluice.config.crd.tree.MapNode;
import dev.sluice.config.plan.SourceRef;
import dev.sluice.config.validate.Finding;
import dev.sluice.config.validate.Finding.Severity;
import dev.sluice.config.validate.Finding.Subject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects what valid configuration did not make it into a plan: nothing is left out silently. Used by one thread. */
public final class Notices {
    /** Valid in Istio, and not served by this version. */
    public static final String NOT_SERVED = "SLC0301";

    /** Gives way to another that claims the same address, host or port. */
    public static final String GIVES_WAY = "SLC0302";

    private final Set<Finding> found = new LinkedHashSet<>();

    /**
     * Something valid that is not served.
     *
     * @param part the mapping in question, {@code field} the key in it that is meant, or null for the whole of it
     */
    public void notServed(CrdObject object, MapNode part, @Nullable String field, String message) {
        found.add(object.finding(Severity.WARNING, NOT_SERVED, part, field, message));
    }

    /**
     * Something valid in MeshConfig that is not served.
     *
     * @param path of the key in question
     */
    public void notServed(Location at, String path, String message) {
        found.add(new Finding(at, Severity.WARNING, NOT_SERVED, Subject.MESH, path, message));
    }

    /** Something valid that another one goes before; parameters as in {@link #notServed}. */
    public void givesWay(CrdObject object, MapNode part, @Nullable String field, String message) {
        found.add(object.finding(Severity.WARNING, GIVES_WAY, part, field, message));
    }

    /** Something valid of a service that is not served. */
    public void notServed(SourceRef at, String message) {
        found.add(new Finding(Location.of(at), Severity.WARNING, NOT_SERVED, Subject.NONE, null, message));
    }

    /** A listener that another one goes before. */
    public void givesWay(SourceRef at, String message) {
        found.add(new Finding(Location.of(at), Severity.WARNING, GIVES_WAY, Subject.NONE, null, message));
    }

    /** Every notice once, in order of file and line. */
    public List<Finding> all() {
        List<Finding> sorted = new ArrayList<>(found);
        Collections.sort(sorted);
        return List.copyOf(sorted);
    }
}
