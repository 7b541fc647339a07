package dev.sluice.config.validate.cross;

import static dev.sluice.config.validate.cross.Documents.answer;
import static dev.sluice.config.validate.cross.Documents.check;
import static dev.sluice.config.validate.cross.Documents.entry;
import static dev.sluice.config.validate.cross.Documents.object;

import org.junit.jupiter.api.Test;

/** SLC0124: a server looks at the rules of its own sort alone. */
class ServerRuleAnalysisTest {
    private static final String APP = entry("app", "[app.com]", "TLS");
    private static final String PASSES = server("HTTPS", "hosts: ['*.a.com'], tls: {mode: PASSTHROUGH}");
    private static final String ENDS = "tls: {mode: MUTUAL, serverCertificate: c, privateKey: k, caCertificates: a}";

    private static String server(String protocol, String rest) {
        return object(
                "Gateway",
                "edge",
                "{selector: {app: edge}, servers: [{port: {number: 443, name: p, protocol: " + protocol + "}, " + rest
                        + "}]}");
    }

    private static String rules(String name, String rules) {
        return APP
                + object(
                        "VirtualService",
                        name,
                        "{hosts: [x.a.com], gateways: [edge, mesh], "
                                + rules.replace("TO", "route: [{destination: {host: app.com}}]") + "}");
    }

    @Test
    void tlsThatPassesThroughGoesByTlsRules() {
        String none = "SLC0124 warning {number: 443 | no VirtualService has tls rules for its hosts here, so every"
                + " connection is closed; TLS passes through here and is told apart by the sniHosts of tls rules alone";
        check(PASSES + answer("vs", "[x.a.com], gateways: [edge]"), none);
        check(PASSES + rules("vs", "tcp: [{TO}]"), none);
        check(PASSES + rules("vs", "tls: [{match: [{sniHosts: [x.a.com]}], TO}]"));
        check(PASSES + rules("vs", "tls: [{match: [{sniHosts: [x.a.com], port: 443, gateways: [shop/edge]}], TO}]"));
        check(PASSES + rules("vs", "tls: [{match: [{sniHosts: [x.a.com], port: 8443}], TO}]"));
        check(
                PASSES
                        + answer("http", "[y.a.com], gateways: [edge]")
                        + rules("vs", "tls: [{match: [{sniHosts: [x.a.com], gateways: [mesh]}], TO}]"),
                none);
        check(PASSES
                + answer("http", "[y.a.com], gateways: [edge]")
                + rules("vs", "tls: [{match: [{sniHosts: [x.a.com]}], TO}]"));
    }

    @Test
    void whereTlsEndsOrNeverWasBytesGoByTcpRules() {
        String tls = "tls: [{match: [{sniHosts: [x.a.com]}], TO}]";
        String tail = " | no VirtualService has tcp rules for its hosts here, so every connection is closed; ";
        check(
                server("TLS", "hosts: ['*.a.com'], " + ENDS) + rules("vs", tls),
                "SLC0124 warning {number: 443" + tail + "TLS ends here, and what is no HTTP goes by tcp rules alone");
        check(
                server("TCP", "hosts: ['*']") + answer("vs", "[x.a.com], gateways: [edge]"),
                "SLC0124 warning {number: 443" + tail + "what is no HTTP goes by tcp rules alone");
        check(server("TCP", "hosts: ['*']") + rules("vs", "tcp: [{TO}]"));
        check(server("TLS", "hosts: ['*.a.com'], " + ENDS) + rules("vs", "tcp: [{match: [{port: 443}], TO}]"));
    }

    @Test
    void requestsGoByHttpRules() {
        String tls = "tls: [{match: [{sniHosts: [x.a.com]}], TO}]";
        check(
                server("HTTPS", "hosts: ['*.a.com'], " + ENDS) + rules("vs", tls),
                "SLC0124 warning {number: 443 | no VirtualService has http rules for its hosts here, so every"
                        + " request is answered 404; TLS ends here, and requests go by http rules alone");
        check(
                server("GRPC", "hosts: ['*.a.com']") + rules("vs", "tcp: [{TO}]"),
                "SLC0124 warning {number: 443 | answered 404; requests go by http rules alone");
        check(server("HTTPS", "hosts: ['*.a.com'], " + ENDS) + answer("vs", "[x.a.com], gateways: [edge]"));
    }

    @Test
    void aServerWithoutRulesOrThatLooksAtNoneIsLeftAlone() {
        check(PASSES);
        check(PASSES + answer("vs", "[x.a.com], gateways: [mesh]"));
        check(server("HTTP", "hosts: ['*'], tls: {httpsRedirect: true}") + rules("vs", "tcp: [{TO}]"));
        check(server("TLS", "hosts: ['*'], tls: {mode: AUTO_PASSTHROUGH}") + rules("vs", "tcp: [{TO}]"));
    }
}
