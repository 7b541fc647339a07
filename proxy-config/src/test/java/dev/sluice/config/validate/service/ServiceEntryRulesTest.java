package dev.sluice.config.validate.service;

import dev.sluice.config.validate.Row;
import dev.sluice.config.validate.Yaml;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Spec §11.4 and §11.6: ServiceEntry and WorkloadEntry. */
class ServiceEntryRulesTest {
    private static final String HTTP = "ports: [{number: 80, name: http, protocol: HTTP}]\n";

    @ParameterizedTest
    @MethodSource({"hosts", "addresses", "ports", "none", "statics", "dns", "dynamic", "many", "exports", "workloads"})
    void findsWhatIsWrongAndNothingElse(Row row) {
        row.check();
    }

    static Stream<Row> hosts() {
        return Stream.of(
                row("hosts: [a.com, '*.b.com']\n" + HTTP),
                row(HTTP, "IST0106 error ports | hosts: required"),
                row("hosts: []\n" + HTTP, "IST0106 error [] | must have 1 to 256"),
                row("hosts: ['*']\n" + HTTP, "IST0106 error '*' | must be one host or a domain"),
                row("hosts: [a_b.com]\n" + HTTP, "IST0106 error a_b | no host name"),
                row("hosts: ['*a.com']\n" + HTTP, "IST0133 warning '*a | should be a whole label"),
                row("hosts: ['*-a.com']\nresolution: DYNAMIC_DNS\n" + HTTP),
                row(
                        "hosts: [a.com]\nworkloadSelector: {}\nresolution: STATIC\n" + HTTP,
                        "IST0133 warning {}\n | every"),
                row(
                        "hosts: [a.com]\nworkloadSelector: {labels: {'': b}}\nresolution: STATIC\n" + HTTP,
                        "IST0106 error '' | empty key"),
                row(
                        "hosts: [a.com]\nworkloadSelector: {labels: {a: '*'}}\nresolution: STATIC\n" + HTTP,
                        "IST0106 error '*' | no wildcard"),
                row(
                        "hosts: [a.com]\nworkloadSelector: {labels: {a: b}}\nresolution: STATIC\nendpoints: [{address:"
                                + " 1.2.3.4}]\n" + HTTP,
                        "IST0106 error endpoints | exclude one another"));
    }

    static Stream<Row> addresses() {
        return Stream.of(
                row("hosts: [a.com]\naddresses: [10.0.0.1, 10.1.0.0/16, '2001:db8::/32']\n" + HTTP),
                row("hosts: [a.com]\naddresses: [a.com]\n" + HTTP, "IST0106 error a.com]§2 | must be an IP address"),
                row("hosts: [a.com]\naddresses: [10.0.0.0/33]\n" + HTTP, "IST0106 error 10.0 | must be an IP address"),
                row(
                        "hosts: [a.com]\nresolution: DNS\naddresses: [10.0.0.0/8]\n" + HTTP,
                        "IST0106 error 10.0 | NONE or STATIC only"),
                row(
                        "hosts: [a.com]\naddresses: ['" + "1".repeat(65) + "']\n" + HTTP,
                        "IST0106 error '1111 | at most 64 characters"));
    }

    static Stream<Row> ports() {
        return Stream.of(
                port("{number: 9000, name: tcp, protocol: tcp, targetPort: 9001}"),
                port("{number: 9000, name: any}"),
                port("null", "IST0106 error null | not null"),
                port(
                        "{number: 1, name: a, protocol: HTTP}, {number: 2, name: a, protocol: HTTP}",
                        "IST0106 error a, protocol: HTTP}] | already a port \"a\""),
                port(
                        "{number: 1, name: a, protocol: HTTP}, {number: 1, name: b, protocol: HTTP}",
                        "IST0106 error 1, name: b | already a port 1"),
                port("{number: 1, name: a, targetPort: 65536}", "IST0106 error 65536 | between 1 and 65535"),
                port("{number: 1, name: a_b}", "IST0106 error a_b | must be letters"),
                port("{number: 1, name: a, protocol: FOO}", "IST0106 error FOO | must be one of"),
                port("{number: 0, name: a}", "IST0106 error 0, | between 1 and 65535"),
                port("{name: aa}", "IST0106 error {name: aa | number: required"),
                port("{number: 1}", "IST0106 error {number | name: required"));
    }

    static Stream<Row> none() {
        return Stream.of(
                row("hosts: [a.com]\nlocation: MESH_EXTERNAL\n" + HTTP),
                row(
                        "hosts: [a.com]\nendpoints: [{address: 1.2.3.4}]\n" + HTTP,
                        "IST0106 error endpoints | takes no endpoints"),
                row("hosts: [a.com]\nendpoints: []\n" + HTTP, "IST0106 error endpoints | takes no endpoints"),
                row("hosts: [a.com]\nendpoints: null\n" + HTTP),
                row(
                        "hosts: [a.com]\nworkloadSelector: {labels: {a: b}}\n" + HTTP,
                        "IST0133 warning workloadSelector | passed over with resolution NONE"));
    }

    static Stream<Row> statics() {
        return Stream.of(
                endpoint("STATIC", "{address: 1.2.3.4, ports: {http: 8080}, labels: {a: b}, weight: 2}"),
                endpoint("STATIC", "{address: '::1'}"),
                endpoint("STATIC", "{address: 'unix:///run/a.sock'}"),
                endpoint("STATIC", "null", "IST0106 error null | not null"),
                endpoint("STATIC", "{address: a.com}", "IST0106 error a.com}] | which resolution STATIC needs"),
                endpoint("STATIC", "{ports: {http: 1}}", "IST0106 error {ports: { | needs an address"),
                endpoint(
                        "STATIC",
                        "{network: n1}",
                        "IST0133 warning {network | has no address, only the network \"n1\""),
                endpoint("STATIC", "{address: 'unix://a'}", "IST0106 error 'unix | absolute file"),
                endpoint(
                        "STATIC",
                        "{address: 'unix:///a', ports: {http: 1}}",
                        "IST0106 error ports: {http: | a Unix socket has no ports"),
                endpoint(
                        "STATIC",
                        "{address: 'unix:///a', ports: {}}",
                        "IST0106 error ports: {} | a Unix socket has no ports"),
                endpoint("STATIC", "{address: 1.2.3.4, ports: {grpc: 1}}", "IST0106 error grpc | has no port \"grpc\""),
                endpoint("STATIC", "{address: 1.2.3.4, ports: {http: 0}}", "IST0106 error 0}} | between 1 and 65535"),
                endpoint("STATIC", "{address: 1.2.3.4, labels: {'a b': c}}", "IST0106 error 'a b' | no label"),
                row(
                        "hosts: [a.com]\nresolution: STATIC\nports: [{number: 1, name: a}, {number: 2, name: b}]\n"
                                + "endpoints: [{address: 'unix:///a'}]",
                        "IST0106 error 'unix | exactly one port, not 2"));
    }

    static Stream<Row> dns() {
        return Stream.of(
                row("hosts: [a.com]\nresolution: DNS\n" + HTTP),
                endpoint("DNS", "{address: b.com, ports: {http: 8080}}, {address: 1.2.3.4}"),
                endpoint("DNS_ROUND_ROBIN", "{address: b.com}"),
                row("hosts: ['*.a.com']\nresolution: DNS\n" + HTTP, "IST0106 error '*.a | cannot be looked up in DNS"),
                row("hosts: ['*.a.com']\nresolution: DNS\nendpoints: [{address: b.com}]\n" + HTTP),
                endpoint(
                        "DNS_ROUND_ROBIN",
                        "{address: b.com}, {address: c.com}",
                        "IST0106 error [{address | at most one endpoint, not 2"),
                endpoint(
                        "DNS", "{address: 'unix:///a'}", "IST0106 error 'unix | neither an IP address nor a host name"),
                endpoint("DNS", "{address: a_b}", "IST0106 error a_b | neither an IP address nor a host name"),
                endpoint("DNS", "{labels: {a: b}}", "IST0106 error {labels | neither an IP address"),
                endpoint("DNS", "{address: b.com, labels: {a: b c}}", "IST0106 error b c | no value of a label"),
                endpoint("DNS", "{address: b.com, ports: {grpc: 1}}", "IST0106 error grpc | has no port"),
                endpoint("DNS", "{address: b.com, ports: {http: 70000}}", "IST0106 error 70000 | between 1"),
                row(
                        "hosts: [a.com, b.com]\nresolution: DNS\naddresses: [10.0.0.1]\nports: [{number: 443, name: t,"
                                + " protocol: TLS}]",
                        "IST0133 warning [a.com | cannot be told apart on a TCP port"));
    }

    static Stream<Row> dynamic() {
        return Stream.of(
                row(
                        "hosts: ['*.a.com']\nresolution: DYNAMIC_DNS\nports: [{number: 443, name: t, protocol: TLS}, {number:"
                                + " 80, name: h, protocol: HTTP}]"),
                row("hosts: [a.com]\nresolution: DYNAMIC_DNS\n" + HTTP, "IST0106 error a.com | must be a wildcard"),
                row(
                        "hosts: ['*.a.com']\nresolution: DYNAMIC_DNS\naddresses: [10.0.0.1]\n" + HTTP,
                        "IST0106 error addresses | no place beside DYNAMIC_DNS"),
                row(
                        "hosts: ['*.a.com']\nresolution: DYNAMIC_DNS\nendpoints: [{address: b.com}]\n" + HTTP,
                        "IST0106 error endpoints | no place beside DYNAMIC_DNS"),
                row(
                        "hosts: ['*.a.com']\nresolution: DYNAMIC_DNS\nports: [{number: 1, name: t, protocol: TCP}]",
                        "IST0106 error TCP | must be HTTP, HTTP2, GRPC or TLS"),
                row(
                        "hosts: ['*.a.com']\nresolution: DYNAMIC_DNS\nports: [{number: 1, name: t}]",
                        "IST0106 error {number | must be HTTP, HTTP2, GRPC or TLS"),
                Row.of(
                        Yaml.spec(
                                        "ServiceEntry",
                                        "hosts: ['*.a.com']\nlocation: MESH_INTERNAL\nresolution: DYNAMIC_DNS\n" + HTTP)
                                .replace("name: x,", "name: x, labels: {istio.io/use-waypoint: w},"),
                        "IST0106 error MESH_INTERNAL | must be external"));
    }

    static Stream<Row> many() {
        return Stream.of(
                row("hosts: [a.com, b.com]\nresolution: DNS\n" + HTTP),
                row("hosts: [a.com, b.com]\nports: [{number: 1, name: t, protocol: TCP}]"),
                row(
                        "hosts: [a.com, b.com]\nresolution: DNS\nports: [{number: 1, name: t, protocol: TCP}]",
                        "IST0106 error TCP | need ports of HTTP or TLS"),
                row(
                        "hosts: [a.com, b.com]\nresolution: STATIC\nports: [{number: 1, name: t}]",
                        "IST0106 error {number | need ports of HTTP or TLS"));
    }

    static Stream<Row> exports() {
        return Stream.of(
                row("hosts: [a.com]\nexportTo: ['~']\n" + HTTP),
                row("hosts: [a.com]\nexportTo: ['~', .]\n" + HTTP, "IST0106 error '~' | must stand alone"),
                row("hosts: [a.com]\nexportTo: ['*', other]\n" + HTTP, "IST0106 error '*' | must stand alone"),
                row("hosts: [a.com]\nexportTo: [., shop]\n" + HTTP, "IST0106 error shop]\n | is there twice"));
    }

    static Stream<Row> workloads() {
        return Stream.of(
                workload("address: 1.2.3.4\nports: {http: 80}\nlabels: {app: a}\nlocality: r/z/s"),
                workload("address: vm.example.com"),
                workload("address: 'unix://@a'"),
                workload("{}", "IST0106 error {}\n | needs an address"),
                workload("network: n1", "IST0133 warning network: n1 | has no address"),
                workload("address: 'unix://a'", "IST0106 error 'unix | absolute file"),
                workload("address: 'unix:///a'\nports: {http: 1}", "IST0106 error ports | has no ports"),
                workload("address: a_b", "IST0106 error a_b | neither an IP address nor a host name"),
                workload("address: 1.2.3.4\nports: {a_b: 1}", "IST0106 error a_b | must be letters"),
                workload("address: 1.2.3.4\nports: {http: 65536}", "IST0106 error 65536 | between 1"),
                workload("address: 1.2.3.4\nports: {http: 0}", "IST0106 error 0} | between 1"),
                workload("address: 1.2.3.4\nlabels: {a: b/c}", "IST0106 error b/c | no value of a label"),
                workload("address: " + "a.".repeat(130) + "com", "IST0106 error a.a. | at most 256 characters"),
                workload(
                        "address: 1.2.3.4\nserviceAccount: " + "a".repeat(254),
                        "IST0106 error aaa | at most 253 characters"),
                workload(
                        "address: 1.2.3.4\nlocality: " + "a".repeat(2049),
                        "IST0106 error aaa | at most 2048 characters"),
                workload(
                        "address: 1.2.3.4\nports: {" + "a".repeat(63) + ": 80}",
                        "IST0106 error aaa | shorter than 63 characters"));
    }

    private static Row row(String spec, String... expected) {
        return Row.of(Yaml.spec("ServiceEntry", spec), expected);
    }

    private static Row port(String ports, String... expected) {
        return row("hosts: [a.com]\nports: [" + ports + "]", expected);
    }

    private static Row endpoint(String resolution, String endpoints, String... expected) {
        return row(
                "hosts: [a.com]\nresolution: " + resolution + "\n" + HTTP + "endpoints: [" + endpoints + "]", expected);
    }

    private static Row workload(String spec, String... expected) {
        return Row.of(Yaml.spec("WorkloadEntry", spec), expected);
    }
}
