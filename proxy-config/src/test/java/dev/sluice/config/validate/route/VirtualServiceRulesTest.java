package dev.sluice.config.validate.route;

import dev.sluice.config.validate.Row;
import dev.sluice.config.validate.Yaml;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Spec §11.1: hosts, gateways, exportTo. */
class VirtualServiceRulesTest {
    private static final String ROUTE = "http: [{route: [{destination: {host: b}}]}]";

    @ParameterizedTest
    @MethodSource({"delegates", "gateways", "hosts", "rules", "claims", "exports", "annotations"})
    void findsWhatIsWrongAndNothingElse(Row row) {
        row.check();
    }

    static Stream<Row> delegates() {
        return Stream.of(
                row(ROUTE),
                row("hosts: []\n" + ROUTE),
                row("gateways: [g]\n" + ROUTE, "IST0106 error gateways | takes only http"),
                row(
                        ROUTE + "\ntls: [{match: [{sniHosts: [a.com]}], route: [{destination: {host: b}}]}]",
                        "IST0106 error tls | takes only http"),
                row(ROUTE + "\ntcp: [{route: [{destination: {host: b}}]}]", "IST0106 error tcp | takes only http"),
                row("gateways: []\ntcp: []\ntls: []\n" + ROUTE));
    }

    static Stream<Row> gateways() {
        return Stream.of(
                row("hosts: [a.com]\ngateways: [mesh, g, ns/g]\n" + ROUTE),
                row("hosts: [a.com]\ngateways: [ns/g, other/h-1]\n" + ROUTE),
                row("hosts: [a.com]\ngateways: [bad_name]\n" + ROUTE, "IST0106 error bad_name | no host name"),
                row(
                        "hosts: [a.com]\ngateways: [g.ns.svc.cluster.local]\n" + ROUTE,
                        "IST0133 warning g.ns | prefer namespace/name: \"ns/g\""),
                row("hosts: [a.com]\ngateways: [/g]\n" + ROUTE, "IST0106 error /g | neither of them empty"),
                row("hosts: [a.com]\ngateways: [ns/]\n" + ROUTE, "IST0106 error ns/ | neither of them empty"),
                row("hosts: [a.com]\ngateways: [n_s/g]\n" + ROUTE, "IST0106 error n_s/g | must be namespace/name"),
                row("hosts: [a.com]\ngateways: [ns/g.h]\n" + ROUTE, "IST0106 error ns/g.h | must be namespace/name"),
                row(
                        "hosts: [a.com]\ngateways: [ns/g_, mesh, also_bad/g]\n" + ROUTE,
                        "IST0106 error ns/g_ | must be namespace/name"));
    }

    static Stream<Row> hosts() {
        return Stream.of(
                row("hosts: [a, a.b.c, '*.d.com', '*-x.e.com', 10.1.2.3, '2001:db8::1', f.com.]\n" + ROUTE),
                row("hosts: ['*']\ngateways: [g]\n" + ROUTE),
                row("hosts: ['*']\n" + ROUTE, "IST0106 error '*' | \"*\" is for gateways"),
                row("hosts: ['*']\ngateways: [g, mesh]\n" + ROUTE, "IST0106 error '*' | \"*\" is for gateways"),
                row("hosts: ['']\n" + ROUTE, "IST0106 error '' | must not be empty"),
                row("hosts: [a..b]\n" + ROUTE, "IST0106 error a..b | no host name"),
                row("hosts: [a_b.com]\n" + ROUTE, "IST0106 error a_b | \"a_b\" must be letters"),
                row("hosts: [x.*.com]\n" + ROUTE, "IST0106 error x.* | a wildcard is one \"*\" at its beginning"),
                row("hosts: [x.com*]\n" + ROUTE, "IST0106 error x.com* | a wildcard is one \"*\" at its beginning"),
                row("hosts: ['x.com:8080']\n" + ROUTE, "IST0106 error 'x.com | a port, here \":8080\", is no part"),
                row("hosts: [a.123]\n" + ROUTE, "IST0106 error a.123 | must not be a number"),
                row("hosts: [10.1.2]\n" + ROUTE, "IST0106 error 10.1.2 | must not be a number"),
                row("hosts: [" + "a.".repeat(128) + "com]\n" + ROUTE, "IST0106 error a.a. | longer than 255"),
                row("hosts: [a.com, b.com, a.com]\n" + ROUTE, "IST0106 error a.com§2 | is there twice"),
                row("hosts: ['*.foo.com', a.foo.com]\n" + ROUTE, "IST0106 error a.foo.com | and \"*.foo.com\" overlap"),
                row("hosts: [a.foo.com, '*.com']\n" + ROUTE, "IST0106 error '*.com' | and \"a.foo.com\" overlap"),
                row("hosts: ['*.foo.com', foo.com, '*.bar.com']\n" + ROUTE),
                row("hosts: [a_b, a.com, a.com]\n" + ROUTE, "IST0106 error a_b | no host name"),
                row("hosts: [outbound_.80_._.b.ns.svc.cluster.local]\ngateways: [g]\ntls: [{match: [{sniHosts:"
                        + " [outbound_.80_._.b.ns.svc.cluster.local]}], route: [{destination: {host: b}}]}]"),
                row(
                        "hosts: [outbound_.80_._.b.ns.svc.cluster.local]\ngateways: [g]\n" + ROUTE,
                        "IST0106 error outbound_ | \"outbound_\" must be letters"));
    }

    static Stream<Row> rules() {
        return Stream.of(
                row("hosts: [a.com]", "IST0106 error hosts | needs at least one rule under http, tls or tcp"),
                row("hosts: [a.com]\nhttp: []", "IST0106 error hosts | needs at least one rule"),
                row("hosts: [a.com]\ntcp: [{route: [{destination: {host: b}}]}]"));
    }

    static Stream<Row> claims() {
        String match = "http: [{match: [{headers: {'@request.auth.claims.group': {exact: x}}}], "
                + "route: [{destination: {host: b}}]}]";
        String without = "http: [{match: [{withoutHeaders: {'@request.auth.claims[a][b]': {}}}], "
                + "route: [{destination: {host: b}}]}]";
        return Stream.of(
                row("hosts: [a.com]\ngateways: [g]\n" + match),
                row("hosts: [a.com]\n" + match, "IST0106 error '@request | works at gateways only"),
                row(
                        "hosts: [a.com]\ngateways: [g, mesh]\n" + without,
                        "IST0106 error '@request | works at gateways only"),
                row(match, "IST0106 error '@request | works at gateways only"));
    }

    static Stream<Row> exports() {
        return Stream.of(
                row("hosts: [a.com]\nexportTo: ['*']\n" + ROUTE),
                row("hosts: [a.com]\nexportTo: [., other]\n" + ROUTE),
                row("hosts: [a.com]\nexportTo: [other, other]\n" + ROUTE, "IST0106 error other§2 | is there twice"),
                row(
                        "hosts: [a.com]\nexportTo: [shop, .]\n" + ROUTE,
                        "IST0106 error .]\n | it is the own namespace, shop"),
                row("hosts: [a.com]\nexportTo: [a_b]\n" + ROUTE, "IST0106 error a_b | must be a namespace"),
                row("hosts: [a.com]\nexportTo: [other, '*']\n" + ROUTE, "IST0106 error '*' | must stand alone"),
                row("hosts: [a.com]\nexportTo: ['~']\n" + ROUTE, "IST0106 error '~' | only a ServiceEntry"));
    }

    static Stream<Row> annotations() {
        return Stream.of(
                annotated("{example.com/x: z, sluice.dev/replay-limit: '1024', sluice.dev/fault-scope: attempt}"),
                annotated("{istio.io/dry-run: 'true'}", "IST0106 error istio.io/dry-run | run dry"),
                annotated("{internal.istio.io/webhook-always-reject: x}", "IST0106 error internal | internal use"),
                annotated("{internal.istio.io/parents: x}", "IST0106 error internal | internal use"),
                annotated(
                        "{sluice.dev/replay-limits: '1'}",
                        "SLC0108 warning sluice.dev | did you mean sluice.dev/replay-limit?"),
                annotated(
                        "{sluice.dev/quite-unheard-of: '1'}",
                        "SLC0108 warning sluice.dev | there are sluice.dev/carry-headers"),
                annotated("{sluice.dev/half-open: '10'}", "SLC0108 warning sluice.dev | it is for a DestinationRule"),
                annotated("{sluice.dev/replay-limit: 64KiB}", "SLC0109 warning 64KiB | must be a number of bytes"),
                annotated("{sluice.dev/replay-limit: '99999999999'}", "SLC0109 warning '999 | must be a number"),
                annotated("{sluice.dev/stream-idle-timeout: 5m}"),
                annotated("{sluice.dev/stream-idle-timeout: 0s}"),
                annotated("{sluice.dev/stream-idle-timeout: '300'}", "SLC0109 warning '300' | or \"0s\" for none"),
                annotated("{sluice.dev/fault-scope: try}", "SLC0109 warning try | \"request\" or \"attempt\""));
    }

    private static Row row(String spec, String... expected) {
        return Row.of(Yaml.spec("VirtualService", spec), expected);
    }

    private static Row annotated(String annotations, String... expected) {
        String yaml = Yaml.spec("VirtualService", "hosts: [a.com]\n" + ROUTE);
        return Row.of(
                yaml.replace(
                        "metadata: {name: x, namespace: shop}", "metadata:\n  name: x\n  annotations: " + annotations),
                expected);
    }
}
