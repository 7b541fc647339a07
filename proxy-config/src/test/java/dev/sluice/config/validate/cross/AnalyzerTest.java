package dev.sluice.config.validate.cross;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.crd.mesh.MeshOverrides;
import dev.sluice.config.crd.mesh.MeshSettings;
import dev.sluice.config.crd.read.CrdSet;
import dev.sluice.config.crd.read.ReadObject;
import dev.sluice.config.crd.schema.CrdObject;
import dev.sluice.config.validate.Analyzer;
import dev.sluice.config.validate.Finding;
import dev.sluice.config.validate.Identity;
import dev.sluice.config.validate.Row;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Documents held against each other: what is found, where, and what is left alone. */
class AnalyzerTest {
    private static final Identity NOBODY = new Identity("default", Map.of());
    private static final String REVIEWS = service("reviews", "{name: http, port: 80}");
    private static final String TWO_PORTS = service("two", "{name: http, port: 80}, {name: http-b, port: 81}");

    private static List<Finding> analyze(String yaml, Identity identity) {
        List<CrdObject> objects =
                Row.read(yaml).stream().map(ReadObject::object).toList();
        return Analyzer.analyze(CrdSet.of(objects, MeshSettings.merge(List.of(), null, MeshOverrides.NONE)), identity);
    }

    private static void check(String yaml, String... expected) {
        Row.of(yaml, expected).check(analyze(yaml, NOBODY));
    }

    private static String object(String kind, String name, String spec) {
        return "apiVersion: networking.istio.io/v1\nkind: " + kind + "\nmetadata: {name: " + name
                + ", namespace: shop}\nspec: " + spec + "\n---\n";
    }

    private static String service(String name, String ports) {
        return "apiVersion: v1\nkind: Service\nmetadata: {name: " + name + ", namespace: shop}\nspec: {selector: {app: "
                + name + "}, ports: [" + ports + "]}\n---\n";
    }

    private static String pod(String name, String labels) {
        return "apiVersion: v1\nkind: Pod\nmetadata: {name: " + name + ", namespace: shop, labels: {" + labels
                + "}}\nspec: {}\n---\n";
    }

    private static String route(String destination) {
        return object(
                "VirtualService", "vs", "{hosts: [front], http: [{route: [{destination: " + destination + "}]}]}");
    }

    private static String gateway(String name, String selector, String server) {
        return object(
                "Gateway",
                name,
                "{selector: {" + selector + "}, servers: [{port: {number: 80, name: http, protocol: HTTP}, " + server
                        + "}]}");
    }

    @Test
    void aDestinationMustBeAServiceWithAShortNameOfItsOwnNamespace() {
        check(REVIEWS + route("{host: reviews}"));
        check(REVIEWS + route("{host: REVIEWS.shop.svc.cluster.local}"));
        check(REVIEWS + route("{host: revews}"), "IST0101 error revews | did you mean \"reviews\"?");
        check(
                REVIEWS + route("{host: reviews.shop}"),
                "IST0101 error reviews.shop | a name with a dot is not expanded");
    }

    @Test
    void aServiceThatIsNotExportedIsNotFound() {
        String entry = object(
                "ServiceEntry",
                "se",
                "{hosts: [a.com], exportTo: [elsewhere], ports: [{number: 80, name: http, protocol: HTTP}]}");
        check(entry + route("{host: a.com}"), "IST0101 error a.com§2 | not exported to namespace shop");
    }

    @Test
    void aWildcardServiceTakesTheHostsThatItCovers() {
        String entry =
                object("ServiceEntry", "se", "{hosts: ['*.a.com'], ports: [{number: 80, name: http, protocol: HTTP}]}");
        check(entry + route("{host: b.a.com}"));
        check(entry + route("{host: a.com}"), "IST0101 error a.com§2 | not found");
    }

    @Test
    void aPortMustBeTheServicesOwnAndChosenWhereThereAreSeveral() {
        check(TWO_PORTS + route("{host: two, port: {number: 81}}"));
        check(TWO_PORTS + route("{host: two}"), "IST0112 error two}}] | several ports, 80, 81");
        check(REVIEWS + route("{host: reviews, port: {number: 99}}"), "IST0101 error 99 | it has 80");
    }

    @Test
    void aSubsetMustBeOneOfItsDestinationRules() {
        String rule = pod("r", "app: reviews, v: '1'")
                + object("DestinationRule", "dr", "{host: reviews, subsets: [{name: first, labels: {v: '1'}}]}");
        check(REVIEWS + rule + route("{host: reviews, subset: first}"));
        check(
                REVIEWS + rule + route("{host: reviews, subset: frist}"),
                "IST0101 error frist | did you mean \"first\"?");
        check(REVIEWS + route("{host: reviews, subset: v1}"), "IST0101 error v1} | no DestinationRule");
    }

    @Test
    void twoVirtualServicesOfTheMeshCannotClaimOneHostWhereBothAreSeen() {
        String answer = "http: [{directResponse: {status: 200}}]";
        String one = object("VirtualService", "one", "{hosts: [a.com], " + answer + "}");
        check(
                one + object("VirtualService", "two", "{hosts: [a.com], " + answer + "}"),
                "IST0109 error a.com | shop/one, shop/two",
                "IST0109 error a.com§2 | shop/one takes it");
        check(
                one + object("VirtualService", "two", "{hosts: [a.com], exportTo: [.], " + answer + "}"),
                "IST0109 error a.com | claimed by several",
                "IST0109 error a.com§2 | claimed by several");
        check(one.replace("hosts:", "exportTo: [elsewhere], hosts:")
                + object("VirtualService", "two", "{hosts: [a.com], exportTo: [.], " + answer + "}"));
    }

    @Test
    void aGatewayThatIsNamedMustBeThereAndTakeTheHosts() {
        String answer = "http: [{directResponse: {status: 200}}]}";
        String edge = gateway("edge", "istio: ingress", "hosts: ['*.a.com']");
        check(edge + object("VirtualService", "vs", "{hosts: [x.a.com], gateways: [edge], " + answer));
        check(
                edge + object("VirtualService", "vs", "{hosts: [x.a.com], gateways: [egde], " + answer),
                "IST0101 error egde | did you mean \"shop/edge\"?");
        check(
                edge + object("VirtualService", "vs", "{hosts: [b.com], gateways: [edge], " + answer),
                "IST0132 warning edge], | takes none");
        check(
                edge + object("VirtualService", "vs", "{hosts: [x.a.com, b.com], gateways: [edge], " + answer),
                "SLC0111 warning b.com | none of the gateways");
        check(
                edge.replace("*.a.com", "other/*.a.com")
                        + object("VirtualService", "vs", "{hosts: [x.a.com], gateways: [edge], " + answer),
                "IST0132 warning edge], | takes none");
    }

    @Test
    void gatewaysOfOneWorkloadDoNotShareAHostOnAPort() {
        String one = gateway("one", "app: edge", "hosts: [a.com]");
        check(
                one + gateway("two", "app: edge, tier: x", "hosts: ['*.com']"),
                "IST0145 error a.com | shop/two",
                "IST0145 error '*.com' | shop/one");
        check(one + gateway("two", "app: other", "hosts: [a.com]"));
        check(one + gateway("two", "app: edge", "hosts: [b.com]"));
        check(one + gateway("two", "app: edge", "bind: 10.0.0.1, hosts: [a.com]"));
    }

    @Test
    void aGatewaySelectorIsAFindingOnlyWhenLabelsAreGiven() {
        String edge = gateway("edge", "app: edge", "hosts: [a.com]");
        assertEquals(List.of(), analyze(edge, NOBODY));
        assertEquals(List.of(), analyze(edge, new Identity("default", Map.of("app", "edge"))));
        assertEquals(List.of(), analyze(edge + pod("p", "app: edge"), new Identity("default", Map.of("app", "x"))));
        Row.of(edge, "IST0101 error {app | no workload")
                .check(analyze(edge, new Identity("default", Map.of("app", "x"))));
    }

    @Test
    void gatewaysOfOneWorkloadDoNotShareACertificate() {
        String tls = "tls: {mode: SIMPLE, credentialName: cert}, hosts: ";
        check(
                gateway("one", "app: edge", tls + "[a.com]") + gateway("two", "app: edge", tls + "[b.com]"),
                "IST0138 warning cert | shop/two",
                "IST0138 warning cert§2 | shop/one");
        check(gateway("one", "app: edge", tls + "[a.com]") + gateway("two", "app: other", tls + "[b.com]"));
    }

    @Test
    void aWorkloadHasOneSidecarAndANamespaceOneWithoutSelector() {
        String egress = "egress: [{hosts: ['*/*']}]}";
        String one = object("Sidecar", "one", "{workloadSelector: {labels: {app: a}}, " + egress);
        check(pod("p", "app: a") + one);
        check(one, "IST0101 error {labels | no workload of namespace shop");
        check(
                pod("p", "app: a, v: x")
                        + one
                        + object("Sidecar", "two", "{workloadSelector: {labels: {v: x}}, " + egress),
                "IST0110 error {labels: {app | Sidecar shop/two",
                "IST0110 error {labels: {v | Sidecar shop/one");
        check(
                object("Sidecar", "one", "{" + egress) + object("Sidecar", "two", "{" + egress),
                "IST0111 error {egress | shop/two",
                "IST0111 error {egress§2 | shop/one");
    }

    @Test
    void aDestinationRuleIsAboutAServiceAndItsSubsetsAboutSomebody() {
        check(object("DestinationRule", "dr", "{host: nobody}"), "IST0174 warning nobody | no service");
        String rule = object("DestinationRule", "dr", "{host: reviews, subsets: [{name: v1, labels: {v: '1'}}]}");
        check(REVIEWS + pod("p", "app: reviews, v: '1'") + rule);
        check(REVIEWS + pod("p", "app: reviews, v: '2'") + rule, "IST0173 error {v: '1'}}] | subset \"v1\"");
    }

    @Test
    void anUnverifiedServerIsTold() {
        String rule = object("DestinationRule", "dr", "{host: reviews, trafficPolicy: {tls: {mode: SIMPLE}}}");
        check(REVIEWS + rule, "IST0128 warning SIMPLE | not verified");
        check(REVIEWS + rule.replace("SIMPLE", "SIMPLE, caCertificates: /ca.pem"));
        check(REVIEWS + rule.replace("SIMPLE", "SIMPLE, credentialName: x"), "IST0128 warning SIMPLE | only with a");
        check(
                REVIEWS
                        + object(
                                "DestinationRule",
                                "dr",
                                "{host: reviews, trafficPolicy: {portLevelSettings: [{port: {number: 80}, tls: {mode:"
                                        + " MUTUAL}}]}}"),
                "IST0129 warning MUTUAL | not verified");
    }

    @Test
    void portsOfServiceEntriesNeedAddressesAndAgree() {
        String tcp = object("ServiceEntry", "se", "{hosts: [a.com], ports: [{number: 90, name: p, protocol: TCP}]}");
        check(tcp, "IST0134 warning TCP | addresses");
        check(tcp.replace("hosts:", "addresses: [10.0.0.1], hosts:"));
        check(
                tcp.replace("TCP", "HTTP") + tcp.replace("TCP", "GRPC").replace("name: se", "name: other"),
                "IST0177 warning HTTP | shop/other");
    }

    @Test
    void theMeshsSubsetsHaveNoEffectOnAGatewaysRequests() {
        String mesh = pod("p", "app: reviews, v: '1'")
                + object("DestinationRule", "dr", "{host: reviews, subsets: [{name: v1, labels: {v: '1'}}]}")
                + object(
                        "VirtualService",
                        "mesh",
                        "{hosts: [reviews], http: [{route: [{destination: {host: reviews, subset: v1}}]}]}");
        String edge = gateway("edge", "app: edge", "hosts: [a.com]")
                + object(
                        "VirtualService",
                        "vs",
                        "{hosts: [a.com], gateways: [edge], http: [{route: [{destination: {host: reviews}}]}]}");
        check(REVIEWS + mesh + edge, "IST0140 warning reviews}}]}]} | shop/mesh");
        check(REVIEWS + edge);
    }

    @Test
    void thousandsOfUnrelatedObjectsAreNoFinding() {
        StringBuilder yaml = new StringBuilder();
        for (int i = 0; i < 2000; i++) {
            yaml.append(gateway("g" + i, "app: a" + i, "hosts: [h" + i + ".com]"));
            yaml.append(object(
                    "VirtualService", "v" + i, "{hosts: [m" + i + ".com], http: [{directResponse: {status: 200}}]}"));
        }
        assertTrue(analyze(yaml.toString(), NOBODY).isEmpty());
    }
}
