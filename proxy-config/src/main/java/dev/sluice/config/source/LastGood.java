package dev.sluice.config.source;

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
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Decides which version of each object is in force. An object that is invalid now keeps the version that was in force
 * before; a file that cannot be parsed keeps every object last read from it; an object that no file has any more is gone.
 * Of two objects of one kind, namespace and name the first counts, and the second is told.
 */
final class LastGood {
    private Map<ReadObject.Id, CrdObject> inForce = Map.of();

    /**
     * Takes the files as they are now.
     *
     * @param files in the order that decides which of two is the first
     * @param findings about the whole, to which those about the files are added
     */
    LoadResult apply(Collection<LoadedFile> files, List<Finding> findings, MeshOverrides overrides) {
        Map<ReadObject.Id, CrdObject> next = new LinkedHashMap<>();
        Map<ReadObject.Id, CrdObject> written = new LinkedHashMap<>();
        boolean whole = files.stream().noneMatch(file -> file.content().unparsable());
        Set<ReadObject.Id> parsed = whole ? Set.of() : parsed(files);
        for (LoadedFile file : files) {
            findings.addAll(file.content().findings());
            if (file.content().unparsable()) {
                keep(file, parsed, next, written);
                continue;
            }
            for (ReadObject read : file.content().objects()) {
                CrdObject first = written.putIfAbsent(read.id(), read.object());
                if (first != null) {
                    findings.add(twice(read, first));
                    continue;
                }
                CrdObject good = read.valid() ? read.object() : inForce.get(read.id());
                if (good != null) {
                    next.put(read.id(), good);
                }
            }
        }
        inForce = next;
        Collections.sort(findings);
        CrdSet good = set(next, overrides);
        CrdSet said = isSame(next.values(), written.values()) ? good : set(written, overrides);
        return new LoadResult(good, said, findings, files.size());
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

    private void keep(
            LoadedFile file,
            Set<ReadObject.Id> parsed,
            Map<ReadObject.Id, CrdObject> next,
            Map<ReadObject.Id, CrdObject> written) {
        for (ReadObject read : file.lastParsed()) {
            CrdObject good = parsed.contains(read.id()) ? null : inForce.get(read.id());
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
        Location at = place(read.object());
        return new Finding(
                at.file(),
                at.line(),
                at.column(),
                Severity.ERROR,
                Finding.INVALID,
                read.id().kind(),
                read.id().namespace().isEmpty() ? null : read.id().namespace(),
                read.id().name().isEmpty() ? null : read.id().name(),
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
