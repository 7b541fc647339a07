package dev.sluice.config.source;

import dev.sluice.config.crd.VirtualService;
import dev.sluice.config.crd.mesh.IstioOperator;
import dev.sluice.config.crd.mesh.MeshFile;
import dev.sluice.config.crd.mesh.MeshOverrides;
import dev.sluice.config.crd.mesh.MeshSettings;
import dev.sluice.config.crd.read.CrdSet;
import dev.sluice.config.crd.read.ReadObject;
import dev.sluice.config.crd.schema.CrdObject;
import dev.sluice.config.crd.tree.Location;
import dev.sluice.config.validate.Finding;
import dev.sluice.config.validate.Finding.Severity;
import dev.sluice.config.validate.Finding.Subject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides which version of each object is in force. An object that is invalid now keeps the version that was in force
 * before; a file that cannot be parsed, or in which it cannot be told which object some document is, keeps every object last
 * read from it; an object that no file has any more is gone.
 * Of two objects of one kind, namespace and name the first counts, and the second is told.
 */
final class LastGood {
    /** Null where {@link #last} has it all: every object of a large configuration twice would be seen in its memory. */
    private @Nullable Map<ReadObject.Id, CrdObject> inForce = Map.of();

    private @Nullable LoadResult last;
    /** Whether every file can be parsed and every object of every file is in force as it is written. */
    private boolean orderly;

    /** A file that was read again. */
    record Edit(LoadedFile before, LoadedFile after) {}

    /**
     * Takes the files as they are now.
     *
     * @param files in the order that decides which of two is the first
     * @param findings about the whole, to which those about the files are added
     */
    LoadResult apply(Collection<LoadedFile> files, List<Finding> findings, MeshOverrides overrides) {
        Map<ReadObject.Id, CrdObject> next = new LinkedHashMap<>();
        Map<ReadObject.Id, CrdObject> written = new LinkedHashMap<>();
        boolean twice = false;
        boolean whole = files.stream().allMatch(LastGood::isWhole);
        Set<ReadObject.Id> parsed = whole ? Set.of() : parsed(files);
        Map<ReadObject.Id, CrdObject> before = whole && isAllValid(files) ? Map.of() : inForce();
        for (LoadedFile file : files) {
            findings.addAll(file.content().findings());
            if (file.content().unparsable()) {
                keep(file, parsed, before, next, written);
                continue;
            }
            for (ReadObject read : file.content().objects()) {
                CrdObject first = written.putIfAbsent(read.id(), read.object());
                if (first != null) {
                    twice = true;
                    findings.add(twice(read, first));
                    continue;
                }
                CrdObject good = read.valid() ? read.object() : before.get(read.id());
                if (good != null) {
                    next.put(read.id(), good);
                }
            }
            if (!isWhole(file)) {
                keep(file, parsed, before, next, written);
            }
        }
        Collections.sort(findings);
        CrdSet good = set(next, overrides);
        CrdSet said = isSame(next.values(), written.values()) ? good : set(written, overrides);
        orderly = whole && good == said && !twice;
        inForce = orderly ? null : next;
        last = new LoadResult(good, said, findings, files.size(), null, false);
        return last;
    }

    /**
     * Takes files that changed where that is quick: everything is in order and stays so, and the objects are the same ones
     * as before. Null where {@link #apply} has to look at all files.
     */
    @Nullable
    LoadResult edit(List<Edit> edits) {
        LoadResult before = last;
        if (before == null || !orderly) {
            return null;
        }
        IdentityHashMap<CrdObject, CrdObject> others = new IdentityHashMap<>();
        IdentityHashMap<VirtualService, VirtualService> services = new IdentityHashMap<>();
        List<Finding> findings = new ArrayList<>(before.findings());
        boolean moved = false;
        for (Edit edit : edits) {
            if (!pair(edit, others, services)) {
                return null;
            }
            moved |= edit.after().source() instanceof FileParts parts && parts.moved();
            findings.removeAll(new HashSet<>(edit.before().content().findings()));
            findings.addAll(edit.after().content().findings());
        }
        Collections.sort(findings);
        CrdSet set = before.set().with(others);
        last = new LoadResult(
                set, set, findings, before.files(), services.size() == others.size() ? services : null, moved);
        return last;
    }

    /** Pairs the objects of a file with those that it had; false where they are others, or not all valid. */
    private static boolean pair(
            Edit edit, Map<CrdObject, CrdObject> others, Map<VirtualService, VirtualService> services) {
        List<ReadObject> old = edit.before().content().objects();
        List<ReadObject> now = edit.after().content().objects();
        if (!isWhole(edit.after()) || old.size() != now.size()) {
            return false;
        }
        for (int i = 0; i < old.size(); i++) {
            ReadObject one = old.get(i);
            ReadObject other = now.get(i);
            if (one.object() == other.object() && other.valid()) {
                continue; // of a part of the file that was not read again
            }
            if (!other.valid() || !one.id().equals(other.id()) || isOfMesh(other.object())) {
                return false;
            }
            others.put(one.object(), other.object());
            if (one.object() instanceof VirtualService service && other.object() instanceof VirtualService changed) {
                services.put(service, changed);
            }
        }
        return true;
    }

    /** What such objects say is merged into one. */
    static boolean isOfMesh(CrdObject object) {
        return object instanceof IstioOperator || object instanceof MeshFile;
    }

    /** Other records stand for the same objects from now on. */
    void replace(Map<VirtualService, VirtualService> others) {
        Map<ReadObject.Id, CrdObject> objects = inForce;
        if (objects != null) {
            others.forEach((service, other) -> objects.replace(ReadObject.id(service), service, other));
        }
        LoadResult before = last;
        last = null;
        if (before != null && orderly) {
            CrdSet set = before.set().with(others);
            last = new LoadResult(set, set, before.findings(), before.files(), null, false);
        }
    }

    private Map<ReadObject.Id, CrdObject> inForce() {
        Map<ReadObject.Id, CrdObject> objects = inForce;
        if (objects == null) {
            objects = new HashMap<>();
            for (CrdObject object : Objects.requireNonNull(last).set().objects()) {
                objects.put(ReadObject.id(object), object);
            }
        }
        return objects;
    }

    private static boolean isAllValid(Collection<LoadedFile> files) {
        for (LoadedFile file : files) {
            for (ReadObject read : file.content().objects()) {
                if (!read.valid()) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Whether both hold the very same objects in the same order, as they do when all of them are valid. */
    private static boolean isSame(Collection<CrdObject> one, Collection<CrdObject> other) {
        if (one.size() != other.size()) {
            return false;
        }
        Iterator<CrdObject> others = other.iterator();
        for (CrdObject object : one) {
            if (object != others.next()) {
                return false;
            }
        }
        return true;
    }

    /** Whether every object of a file is known by its name: what is not there was removed. */
    private static boolean isWhole(LoadedFile file) {
        return !file.content().unparsable() && !file.content().nameless();
    }

    /** What files that can be parsed say now: an object that moved out of a broken file is the one where it is now. */
    private static Set<ReadObject.Id> parsed(Collection<LoadedFile> files) {
        Set<ReadObject.Id> ids = new HashSet<>();
        for (LoadedFile file : files) {
            if (!file.content().unparsable()) {
                file.content().objects().forEach(read -> ids.add(read.id()));
            }
        }
        return ids;
    }

    private static void keep(
            LoadedFile file,
            Set<ReadObject.Id> parsed,
            Map<ReadObject.Id, CrdObject> before,
            Map<ReadObject.Id, CrdObject> next,
            Map<ReadObject.Id, CrdObject> written) {
        for (ReadObject read : file.lastParsed()) {
            CrdObject good = parsed.contains(read.id()) ? null : before.get(read.id());
            if (good != null) {
                next.putIfAbsent(read.id(), good);
                written.putIfAbsent(read.id(), good);
            }
        }
        for (ReadObject read : file.content().objects()) {
            if (!parsed.contains(read.id())) {
                written.putIfAbsent(read.id(), read.object());
            }
        }
    }

    private static Finding twice(ReadObject read, CrdObject first) {
        return new Finding(
                place(read.object()),
                Severity.ERROR,
                Finding.INVALID,
                new Subject(
                        read.id().kind(),
                        read.id().namespace().isEmpty() ? null : read.id().namespace(),
                        read.id().name().isEmpty() ? null : read.id().name()),
                "metadata.name",
                read.id() + " is in the configuration already, at " + place(first) + "; that one counts");
    }

    private static Location place(CrdObject object) {
        return object.metadata().at().field("name");
    }

    private static CrdSet set(Map<ReadObject.Id, CrdObject> objects, MeshOverrides overrides) {
        List<IstioOperator> operators = new ArrayList<>();
        MeshFile file = null;
        for (CrdObject object : objects.values()) {
            if (object instanceof IstioOperator operator) {
                operators.add(operator);
            } else if (object instanceof MeshFile mesh) {
                file = mesh;
            }
        }
        return CrdSet.of(objects.values(), MeshSettings.merge(operators, file, overrides));
    }
}
