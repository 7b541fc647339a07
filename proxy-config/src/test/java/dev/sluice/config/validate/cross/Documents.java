package dev.sluice.config.validate.cross;

import dev.sluice.config.crd.mesh.MeshConfig;
import dev.sluice.config.crd.mesh.MeshOverrides;
import dev.sluice.config.crd.mesh.MeshSettings;
import dev.sluice.config.crd.read.CrdSet;
import dev.sluice.config.crd.read.ReadObject;
import dev.sluice.config.crd.schema.CrdObject;
import dev.sluice.config.validate.Analyzer;
import dev.sluice.config.validate.Finding;
import dev.sluice.config.validate.Formats;
import dev.sluice.config.validate.Identity;
import dev.sluice.config.validate.Row;
import java.util.List;
import java.util.Map;

/** Documents as one line each, and what is found when they are held against each other. */
final class Documents {
    /** A workload of namespace {@code default} without labels. */
    static final Identity NOBODY = new Identity("default", Map.of());

    /** A Service of one port. */
    static final String REVIEWS = service("reviews", "{name: http, port: 80}");

    private Documents() {}

    /** The findings for {@link #NOBODY} are these, written as {@link Row} has it. */
    static void check(String yaml, String... expected) {
        check(yaml, NOBODY, expected);
    }

    /** The findings for that workload are these. */
    static void check(String yaml, Identity identity, String... expected) {
        Row.of(yaml, expected).check(analyze(yaml, identity));
    }

    /** The findings with settings of the mesh, {@code path=value} each, are these. */
    static void checkWith(List<String> settings, String yaml, String... expected) {
        MeshConfig mesh = MeshSettings.merge(List.of(), null, MeshOverrides.parse(settings));
        Row.of(yaml, expected).check(Analyzer.analyze(CrdSet.of(objects(yaml), mesh), NOBODY, Formats.ANY));
    }

    /** What is found. */
    static List<Finding> analyze(String yaml, Identity identity) {
        MeshConfig mesh = MeshSettings.merge(List.of(), null, MeshOverrides.NONE);
        return Analyzer.analyze(CrdSet.of(objects(yaml), mesh), identity, Formats.ANY);
    }

    private static List<CrdObject> objects(String yaml) {
        return Row.read(yaml).stream().map(ReadObject::object).toList();
    }

    /** One of Istio's objects, of namespace {@code shop}. */
    static String object(String kind, String name, String spec) {
        return in("shop", kind, name, spec);
    }

    /** One of Istio's objects. */
    static String in(String namespace, String kind, String name, String spec) {
        return "apiVersion: networking.istio.io/v1\nkind: " + kind + "\nmetadata: {name: " + name + ", namespace: "
                + namespace + "}\nspec: " + spec + "\n---\n";
    }

    /** A Service that selects pods of {@code app: name}. */
    static String service(String name, String ports) {
        return "apiVersion: v1\nkind: Service\nmetadata: {name: " + name + ", namespace: shop}\nspec: {selector: {app: "
                + name + "}, ports: [" + ports + "]}\n---\n";
    }

    /** A Pod of namespace {@code shop}. */
    static String pod(String name, String labels) {
        return "apiVersion: v1\nkind: Pod\nmetadata: {name: " + name + ", namespace: shop, labels: {" + labels
                + "}}\nspec: {}\n---\n";
    }

    /** A VirtualService of the mesh for host {@code front} with one rule for one destination. */
    static String route(String destination) {
        return object(
                "VirtualService", "vs", "{hosts: [front], http: [{route: [{destination: " + destination + "}]}]}");
    }

    /** A VirtualService that answers itself. */
    static String answer(String name, String hosts) {
        return object("VirtualService", name, "{hosts: " + hosts + ", http: [{directResponse: {status: 200}}]}");
    }

    /** A Gateway with one server on port 80. */
    static String gateway(String name, String selector, String server) {
        return object(
                "Gateway",
                name,
                "{selector: {" + selector + "}, servers: [{port: {number: 80, name: http, protocol: HTTP}, " + server
                        + "}]}");
    }

    /** A ServiceEntry with one port. */
    static String entry(String name, String hosts, String protocol) {
        return object(
                "ServiceEntry",
                name,
                "{hosts: " + hosts + ", ports: [{number: 90, name: p, protocol: " + protocol + "}]}");
    }
}
