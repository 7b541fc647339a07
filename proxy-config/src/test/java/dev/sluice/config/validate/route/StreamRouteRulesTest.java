package dev.sluice.config.validate.route;

import dev.sluice.config.validate.Row;
import dev.sluice.config.validate.Yaml;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Spec §11.1: tls and tcp rules. */
class StreamRouteRulesTest {
    private static final String TO = "route: [{destination: {host: b}}]";

    @ParameterizedTest
    @MethodSource({"tls", "tcp"})
    void findsWhatIsWrongAndNothingElse(Row row) {
        row.check();
    }

    static Stream<Row> tls() {
        return Stream.of(
                tls("{match: [{sniHosts: [x.a.com, '*.b.a.com'], destinationSubnets: [10.0.0.0/8, '::1'], port: 443,"
                        + " sourceLabels: {app: x}, gateways: [mesh]}], " + TO + "}"),
                tls("{" + TO + "}", "IST0106 error {route | match: required, but missing"),
                tls("{match: [], " + TO + "}", "IST0106 error [], | needs at least one match"),
                tls("{match: [{port: 443}], " + TO + "}", "IST0106 error {port | sniHosts: required"),
                tls("{match: [{sniHosts: []}], " + TO + "}", "IST0106 error []}] | needs at least one host"),
                tls("{match: [null], " + TO + "}", "IST0106 error null | must be an object, not null"),
                tls("{match: [{sniHosts: [x.a.com]}]}", "IST0106 error {match | needs a route"),
                tls("{match: [{sniHosts: [x_y.a.com]}], " + TO + "}", "IST0106 error x_y | no host name"),
                tls("{match: [{sniHosts: [10.0.0.1]}], " + TO + "}", "IST0133 warning 10.0.0.1 | is no SNI"),
                tls(
                        "{match: [{sniHosts: [c.com]}], " + TO + "}",
                        "IST0106 error c.com | VirtualService's hosts: *.a.com"),
                tls(
                        "{match: [{sniHosts: [x.a.com], destinationSubnets: [10.0.0.0/33]}], " + TO + "}",
                        "IST0106 error 10.0.0.0 | an IP address or a block"),
                tls("{match: [{sniHosts: [x.a.com], port: 65536}], " + TO + "}", "IST0106 error 65536 | between 1"),
                tls(
                        "{match: [{sniHosts: [x.a.com], sourceLabels: {'a b': c}}], " + TO + "}",
                        "IST0106 error 'a b' | no label"),
                tls(
                        "{match: [{sniHosts: [x.a.com], gateways: [a_b]}], " + TO + "}",
                        "IST0106 error a_b | no host name"),
                tls(
                        "{match: [{sniHosts: [x.a.com]}], route: [{destination: {host: '*'}, weight: -1}]}",
                        "IST0106 error '*'},  | must be one host",
                        "IST0106 error -1 | must not be negative"),
                tls(
                        "{match: [{sniHosts: [x.a.com]}], route: [{destination: {host: b}}, {destination: {host: c}}]}",
                        "IST0106 error [{destination | must not sum to 0"));
    }

    static Stream<Row> tcp() {
        return Stream.of(
                tcp("{match: [{destinationSubnets: [10.0.0.1], port: 9000, sourceLabels: {a: b}}], " + TO + "}"),
                tcp("{" + TO + "}"),
                tcp("{match: [{port: 1}]}", "IST0106 error {match | needs a route"),
                tcp("{match: [null], " + TO + "}", "IST0106 error null | not null"),
                tcp(
                        "{match: [{destinationSubnets: [x]}], " + TO + "}",
                        "IST0106 error x]}] | an IP address or a block"),
                tcp("{match: [{port: 65536}], " + TO + "}", "IST0106 error 65536 | between 1"),
                tcp("{match: [{sourceLabels: {a: '-'}}], " + TO + "}", "IST0106 error '-' | no value of a label"),
                tcp("{match: [{gateways: [a/b/c]}], " + TO + "}", "IST0106 error a/b/c | must be namespace/name"),
                tcp(
                        "{match: [{sourceSubnet: 10.0.0.0/8}], " + TO + "}",
                        "SLC0106 warning sourceSubnet | not looked at"),
                tcp("{route: [{destination: {host: b_c}}]}", "IST0106 error b_c | no host name"));
    }

    private static Row tls(String rule, String... expected) {
        return Row.of(Yaml.spec("VirtualService", "hosts: ['*.a.com']\ntls: [" + rule + "]"), expected);
    }

    private static Row tcp(String rule, String... expected) {
        return Row.of(Yaml.spec("VirtualService", "hosts: ['*.a.com']\ntcp: [" + rule + "]"), expected);
    }
}
