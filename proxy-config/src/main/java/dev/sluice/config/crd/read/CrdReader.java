package dev.sluice.config.crd.read;

import dev.sluice.config.crd.tree.Location;
import dev.sluice.config.crd.tree.YamlDocument;
import dev.sluice.config.crd.tree.YamlFile;
import dev.sluice.config.crd.tree.YamlProblem;
import dev.sluice.config.crd.tree.YamlReader;
import dev.sluice.config.plan.words.SourcePart;
import dev.sluice.config.validate.Finding;
import dev.sluice.config.validate.Finding.Severity;
import dev.sluice.config.validate.Finding.Subject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the objects of one file: YAML to located trees, trees to records. Never throws for what a file says; everything
 * wrong is a finding, and reading goes on after it as far as it can.
 *
 * <p>Immutable; any thread.
 */
public final class CrdReader {
    /** A file of this name may hold a MeshConfig, which has no envelope. */
    public static final String MESH_FILE = "mesh.yaml";

    private final Set<String> ignoredKinds;

    /** @param ignoredKinds kinds that are passed over although leaving them out is dangerous */
    public CrdReader(Set<String> ignoredKinds) {
        this.ignoredKinds = Set.copyOf(ignoredKinds);
    }

    /**
     * The objects of a file.
     *
     * @param file path as the user gave it; its last part decides whether it may hold a MeshConfig
     * @param bytes what the file holds
     */
    public FileContent read(String file, byte[] bytes) {
        return read(new SourcePart(file), bytes);
    }

    /**
     * The objects of a file.
     *
     * @param file its path as the user gave it
     */
    public FileContent read(SourcePart file, byte[] bytes) {
        YamlFile yaml = YamlReader.read(file, bytes);
        return read(file, yaml.documents(), yaml.fatal());
    }

    /**
     * The objects of some lines of a file, where they are sure to be what the whole file has there; null where the whole has
     * to be read.
     *
     * @param part see {@link YamlReader#readPart}
     */
    public @Nullable FileContent readPart(SourcePart part, byte[] bytes) {
        List<YamlDocument> documents = YamlReader.readPart(part, bytes);
        return documents == null ? null : read(part, documents, null);
    }

    private FileContent read(SourcePart part, List<YamlDocument> yaml, @Nullable YamlProblem fatal) {
        String file = part.file();
        List<ReadObject> objects = new ArrayList<>();
        List<Finding> findings = new ArrayList<>();
        boolean mesh = file.equals(MESH_FILE) || file.endsWith("/" + MESH_FILE) || file.endsWith("\\" + MESH_FILE);
        DocumentReader documents = new DocumentReader(file, mesh, ignoredKinds, objects, findings);
        for (YamlDocument document : yaml) {
            documents.read(document);
        }
        if (fatal != null) {
            findings.add(unparsable(file, fatal.line(), fatal.column(), fatal.message()));
        }
        Collections.sort(findings);
        return new FileContent(objects, findings, fatal != null, documents.nameless());
    }

    /** The finding for a file that cannot be read at all. */
    public static FileContent unreadable(String file, String message) {
        return new FileContent(List.of(), List.of(unparsable(file, 1, 1, message)), true, false);
    }

    private static Finding unparsable(String file, int line, int column, String message) {
        return new Finding(
                new Location(file, line, column), Severity.ERROR, Finding.UNPARSABLE, Subject.NONE, null, message);
    }
}
