package dev.sluice.config.crd.read;

import dev.sluice.config.crd.mesh.MeshConfig;
import dev.sluice.config.crd.mesh.MeshFile;
import dev.sluice.config.crd.read.KindTable.Entry;
import dev.sluice.config.crd.schema.Binder;
import dev.sluice.config.crd.schema.CrdObject;
import dev.sluice.config.crd.schema.Dialect;
import dev.sluice.config.crd.schema.Metadata;
import dev.sluice.config.crd.schema.NearestName;
import dev.sluice.config.crd.schema.Problems;
import dev.sluice.config.crd.tree.ListNode;
import dev.sluice.config.crd.tree.Location;
import dev.sluice.config.crd.tree.MapNode;
import dev.sluice.config.crd.tree.Node;
import dev.sluice.config.crd.tree.Quote;
import dev.sluice.config.crd.tree.ScalarNode;
import dev.sluice.config.crd.tree.YamlDocument;
import dev.sluice.config.crd.tree.YamlProblem;
import dev.sluice.config.validate.Finding;
import dev.sluice.config.validate.Finding.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the documents of one file into its lists of objects and findings. Used by one thread, for one file. */
final class DocumentReader {
    private static final String DEFAULT_NAMESPACE = "default";
    private static final List<String> TOP_LEVEL = List.of("apiVersion", "kind", "metadata", "spec", "status");
    private static final Problems SILENT = (at, path, message) -> {};

    private final String file;
    private final boolean mesh;
    private final Set<String> ignoredKinds;
    private final List<ReadObject> objects;
    private final List<Finding> findings;
    private boolean nameless;

    DocumentReader(
            String file, boolean mesh, Set<String> ignoredKinds, List<ReadObject> objects, List<Finding> findings) {
        this.file = file;
        this.mesh = mesh;
        this.ignoredKinds = ignoredKinds;
        this.objects = objects;
        this.findings = findings;
    }

    /** Whom a finding is about, as far as the document says it. */
    private record Subject(@Nullable String kind, @Nullable String namespace, @Nullable String name) {
        static final Subject NOBODY = new Subject(null, null, null);

        @Override
        public String toString() {
            return Quote.escaped(kind + (name == null ? "" : " " + namespace + "/" + name));
        }
    }

    /** Whether some document so far is refused for what says which object it is. */
    boolean nameless() {
        return nameless;
    }

    /** Adds what the document gives. */
    void read(YamlDocument document) {
        Node root = document.root();
        Subject subject = root instanceof MapNode map ? subject(map) : Subject.NOBODY;
        for (YamlProblem problem : document.problems()) {
            Location at = new Location(file, problem.line(), problem.column());
            add(at, Severity.ERROR, Finding.UNPARSABLE, subject, null, problem.message());
        }
        read(root, List.of(), document.problems().isEmpty());
    }

    private void read(Node root, List<Object> path, boolean valid) {
        if (!(root instanceof MapNode node)) {
            nameless = true;
            invalid(
                    root.location(),
                    Subject.NOBODY,
                    null,
                    "must be an object with apiVersion, kind and metadata, not " + root.describe());
            return;
        }
        String apiVersion = text(node, "apiVersion");
        String kind = text(node, "kind");
        Subject subject = subject(node);
        if (mesh && path.isEmpty() && node.get("apiVersion") == null && node.get("kind") == null) {
            mesh(node, valid);
        } else if (apiVersion == null || kind == null) {
            nameless = true;
            String missing = apiVersion != null ? "kind" : kind != null ? "apiVersion" : "apiVersion and kind";
            invalid(node.location(), subject, null, "no Kubernetes object: needs " + missing + ", as a string");
        } else if (kind.endsWith("List") && node.get("items") instanceof ListNode items) {
            for (int i = 0; i < items.items().size(); i++) {
                List<Object> below = new ArrayList<>(path);
                below.add("items");
                below.add(i);
                read(items.items().get(i), below, valid);
            }
        } else if (kind.equals("List") && apiVersion.equals("v1")) {
            nameless = true;
            Node items = node.get("items");
            invalid(
                    node.field("items"),
                    subject,
                    "items",
                    items == null ? "items: required, but missing" : "items: must be a list, not " + items.describe());
        } else {
            judge(node, path, valid, subject, KindTable.classify(apiVersion, kind));
        }
    }

    private void judge(MapNode node, List<Object> path, boolean valid, Subject subject, KindTable.Verdict verdict) {
        Location at = node.field("kind");
        if (verdict instanceof KindTable.Read read) {
            object(read.entry(), node, path, valid, subject);
        } else if (verdict instanceof KindTable.Wrong wrong) {
            nameless = true;
            String key = wrong.aboutKind() ? "kind" : "apiVersion";
            invalid(node.field(key), subject, key, wrong.message());
        } else if (verdict instanceof KindTable.Refused && !ignoredKinds.contains(subject.kind())) {
            add(
                    at,
                    Severity.ERROR,
                    Finding.REFUSED_KIND,
                    subject,
                    "kind",
                    subject + " would not be enforced, which opens access or changes traffic; remove it, or accept that"
                            + " with --ignore-kind " + Quote.escaped(String.valueOf(subject.kind())));
        } else {
            boolean ignored = ignoredKinds.contains(subject.kind());
            String instead = verdict instanceof KindTable.Passed passed && !ignored ? passed.instead() : null;
            Severity severity = instead == null ? Severity.INFO : Severity.WARNING;
            String why = instead != null ? ": " + instead : ignored ? ", as --ignore-kind says" : "";
            add(at, severity, Finding.OTHER_KIND, subject, "kind", subject + " is passed over" + why);
        }
    }

    private void mesh(MapNode node, boolean valid) {
        Subject subject = new Subject("MeshConfig", null, null);
        Binder binder = new Binder(Dialect.PROTO, problemsOf(subject));
        MeshConfig config = binder.bind(MeshConfig.class, node);
        Metadata metadata = new Metadata(node, "", "", Map.of(), Map.of());
        objects.add(new ReadObject(new MeshFile(node, metadata, config), valid && binder.errors() == 0));
    }

    private void object(Entry entry, MapNode node, List<Object> path, boolean yamlValid, Subject subject) {
        Binder binder = new Binder(entry.dialect(), problemsOf(subject));
        Binder envelope = new Binder(Dialect.KUBERNETES, problemsOf(subject));
        path.forEach(step -> {
            binder.enter(step);
            envelope.enter(step);
        });
        Metadata metadata = metadata(entry, node, envelope);
        CrdObject object;
        if (!entry.inSpec()) {
            object = entry.maker().make(binder, node, metadata);
        } else {
            topLevel(node, envelope);
            if (node.get("spec") instanceof MapNode spec) {
                binder.enter("spec");
                object = entry.maker().make(binder, spec, metadata);
            } else {
                noSpec(entry, node, envelope);
                MapNode nothing = new MapNode.Builder(node).build();
                object = entry.maker().make(new Binder(entry.dialect(), SILENT), nothing, metadata);
            }
        }
        if (!metadata.name().isEmpty() || !entry.named()) {
            objects.add(new ReadObject(object, yamlValid && envelope.errors() + binder.errors() == 0));
        } else {
            nameless = true;
        }
    }

    private static void noSpec(Entry entry, MapNode node, Binder envelope) {
        Node spec = node.get("spec");
        envelope.enter("spec");
        if (node.has("spec")) {
            envelope.error(node.field("spec"), "must be an object, not " + (spec == null ? "null" : spec.describe()));
        } else if (entry.dialect() == Dialect.PROTO && entry.named()) {
            envelope.error(node.field("spec"), "required, but missing");
        }
        envelope.leave();
    }

    private static void topLevel(MapNode node, Binder envelope) {
        for (int i = 0; i < node.size(); i++) {
            String key = node.key(i);
            if (!TOP_LEVEL.contains(key)) {
                String near = NearestName.among(TOP_LEVEL, key);
                envelope.enter(key)
                        .error(
                                node.keyLocation(i),
                                "unknown field"
                                        + (near == null
                                                ? "; known here: " + String.join(", ", TOP_LEVEL)
                                                : "; did you mean " + Quote.of(near) + "?"));
                envelope.leave();
            }
        }
    }

    /** Who the object is; the name is empty, with a finding, when it has none and needs one. */
    private static Metadata metadata(Entry entry, MapNode node, Binder envelope) {
        MapNode at = node.get("metadata") instanceof MapNode map ? map : null;
        ObjectMeta meta = null;
        envelope.enter("metadata");
        if (at != null) {
            meta = envelope.bind(ObjectMeta.class, at);
        } else if (node.has("metadata")) {
            envelope.error(node.field("metadata"), "must be an object");
        }
        String name = meta == null || meta.name() == null ? "" : meta.name();
        boolean told = at == null ? node.has("metadata") : at.has("name") && meta != null && meta.name() == null;
        if (name.isEmpty() && entry.named() && !told) {
            envelope.enter("name").error(at == null ? node.location() : at.field("name"), "required, but missing");
            envelope.leave();
        }
        envelope.leave();
        String namespace = meta == null || meta.namespace() == null ? "" : meta.namespace();
        return new Metadata(
                at == null ? node : at,
                name,
                namespace.isEmpty() ? DEFAULT_NAMESPACE : namespace,
                meta == null ? Map.of() : meta.labels(),
                meta == null ? Map.of() : meta.annotations());
    }

    private static Subject subject(MapNode node) {
        String name = null;
        String namespace = null;
        if (node.get("metadata") instanceof MapNode metadata) {
            name = text(metadata, "name");
            namespace = text(metadata, "namespace");
        }
        return new Subject(text(node, "kind"), namespace == null ? DEFAULT_NAMESPACE : namespace, name);
    }

    private static @Nullable String text(MapNode node, String key) {
        String text = node.get(key) instanceof ScalarNode scalar ? scalar.text() : null;
        return text == null || text.isEmpty() ? null : text;
    }

    private Problems problemsOf(Subject subject) {
        return (at, path, message) -> invalid(at, subject, path, path + ": " + message);
    }

    private void invalid(Location at, Subject subject, @Nullable String path, String message) {
        add(at, Severity.ERROR, Finding.INVALID, subject, path, message);
    }

    private void add(
            Location at, Severity severity, String code, Subject subject, @Nullable String path, String message) {
        String namespace = subject.kind() == null ? null : subject.namespace();
        Finding.Subject about = new Finding.Subject(subject.kind(), namespace, subject.name());
        findings.add(new Finding(at, severity, code, about, path, message));
    }
}
