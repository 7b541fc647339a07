package dev.sluice.config.validate.listener;

import dev.sluice.config.validate.Row;
import dev.sluice.config.validate.Yaml;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Spec §11.5: Sidecar. */
class SidecarRulesTest {
    private static final String ALL = "hosts: ['*/*']";

    @ParameterizedTest
    @MethodSource({"sidecars", "ingress", "ingressTls", "egress", "egressHosts", "outbound"})
    void findsWhatIsWrongAndNothingElse(Row row) {
        row.check();
    }

    static Stream<Row> sidecars() {
        return Stream.of(
                row("workloadSelector: {labels: {app: x}}\negress: [{" + ALL + "}]"),
                row("outboundTrafficPolicy: {mode: REGISTRY_ONLY}"),
                row("inboundConnectionPool: {tcp: {maxConnections: 10}}"),
                row("{}", "IST0106 error {}\n | says nothing"),
                row("workloadSelector: {labels: {app: x}}", "IST0106 error workloadSelector | says nothing"),
                row("workloadSelector: {}\negress: [{" + ALL + "}]", "IST0133 warning {}\n | every workload"),
                row(
                        "workloadSelector: {labels: {a: " + "b".repeat(64) + "}}\negress: [{" + ALL + "}]",
                        "IST0106 error bbbb | at most 63 characters"),
                row("workloadSelector: {labels: {'': x}}\negress: [{" + ALL + "}]", "IST0106 error '' | empty key"),
                row("workloadSelector: {labels: {a: '*'}}\negress: [{" + ALL + "}]", "IST0106 error '*' | no wildcard"),
                row("inboundConnectionPool: {}", "IST0106 error {}\n | needs tcp, http or both"),
                Row.of(
                        Yaml.spec("Sidecar", "egress: [{" + ALL + "}]")
                                .replace(
                                        "metadata: {name: x, namespace: shop}",
                                        "metadata: {name: x, annotations: {sluice.dev/carry-headers: 'x-a, b c'}}"),
                        "SLC0109 warning 'x-a | names of headers"),
                Row.of(Yaml.spec("Sidecar", "egress: [{" + ALL + "}]")
                        .replace(
                                "metadata: {name: x, namespace: shop}",
                                "metadata: {name: x, annotations: {sluice.dev/carry-headers: 'x-a, baggage'}}")));
    }

    static Stream<Row> ingress() {
        String port = "port: {number: 80, name: http, protocol: HTTP}";
        return Stream.of(
                ingress("{" + port + ", bind: 0.0.0.0, defaultEndpoint: '127.0.0.1:8080'}"),
                ingress("{" + port + ", defaultEndpoint: ':8080'}"),
                ingress("{" + port + ", defaultEndpoint: '[::1]:8080'}"),
                ingress("{" + port + ", defaultEndpoint: 'unix:///run/a.sock'}"),
                ingress("{port: {number: 80}, connectionPool: {tcp: {maxConnections: 1}}}"),
                ingress("{" + port + ", connectionPool: {http: {http2MaxRequests: 1}}}"),
                ingress("null", "IST0106 error null | not null"),
                ingress("{defaultEndpoint: ':1'}", "IST0106 error {default | port: required"),
                ingress("{port: {number: 80, targetPort: 81}}", "IST0106 error targetPort | no meaning in a Sidecar"),
                ingress("{port: {number: 80, name: a_b}}", "IST0106 error a_b | must be letters"),
                ingress("{port: {number: 80, protocol: X}}", "IST0106 error X}} | must be one of"),
                ingress("{port: {number: 0}}", "IST0106 error 0}} | between 1 and 65535"),
                ingress("{port: {number: 80}, bind: 'unix:///a'}", "IST0106 error 'unix | must be an IP address"),
                ingress(
                        "{port: {number: 80}}, {port: {number: 80}}",
                        "IST0106 error 80}}] | already an ingress listener"),
                ingress(
                        "{port: {number: 80}, defaultEndpoint: '10.0.0.1:80'}",
                        "IST0106 error '10 | must be 127.0.0.1:port"),
                ingress("{port: {number: 80}, defaultEndpoint: '127.0.0.1'}", "IST0106 error '127 | must be 127.0.0.1"),
                ingress("{port: {number: 80}, defaultEndpoint: '127.0.0.1:x'}", "IST0106 error '127 | must be"),
                ingress("{port: {number: 80}, defaultEndpoint: '127.0.0.1:65536'}", "IST0106 error '127 | must be"),
                ingress("{port: {number: 80}, defaultEndpoint: '::1:80'}", "IST0106 error '::1 | must be"),
                ingress("{port: {number: 80}, defaultEndpoint: 'unix://a'}", "IST0106 error 'unix | absolute file"),
                ingress("{port: {number: 80}, connectionPool: {}}", "IST0106 error {}}] | needs tcp"),
                ingress(
                        "{port: {number: 80, protocol: TCP}, connectionPool: {http: {http2MaxRequests: 1}}}",
                        "IST0133 warning http: | so only tcp applies"));
    }

    static Stream<Row> ingressTls() {
        return Stream.of(
                ingressTls("HTTPS", "{mode: SIMPLE, serverCertificate: c, privateKey: k}"),
                ingressTls("TLS", "{mode: MUTUAL, serverCertificate: c, privateKey: k, caCertificates: a}"),
                ingressTls(
                        "HTTPS",
                        "{mode: SIMPLE, serverCertificate: c, privateKey: k, subjectAltNames: [a]}",
                        "IST0106 error subjectAltNames | not supported in a Sidecar; remove it"),
                ingressTls(
                        "HTTPS",
                        "{mode: SIMPLE, serverCertificate: c, privateKey: k, httpsRedirect: true}",
                        "IST0106 error httpsRedirect | not supported in a Sidecar; remove it"),
                ingressTls(
                        "HTTPS",
                        "{mode: SIMPLE, credentialName: c}",
                        "IST0106 error credentialName | not supported in a Sidecar; use serverCertificate and privateKey"),
                ingressTls("HTTPS", "{mode: SIMPLE, credentialNames: [c]}", "IST0106 error credentialNames | not supp"),
                ingressTls(
                        "HTTPS",
                        "{mode: SIMPLE, tlsCertificates: [{serverCertificate: a, privateKey: b}]}",
                        "IST0106 error tlsCertificates | not supported"),
                ingressTls("HTTPS", "{mode: ISTIO_MUTUAL}", "IST0106 error ISTIO_MUTUAL | not supported"),
                ingressTls("HTTPS", "{mode: AUTO_PASSTHROUGH}", "IST0106 error AUTO | not supported"),
                ingressTls(
                        "HTTP",
                        "{mode: SIMPLE, serverCertificate: c, privateKey: k}",
                        "IST0106 error {mode | needs a port of protocol HTTPS or TLS"),
                ingressTls("HTTPS", "{mode: SIMPLE, privateKey: k}", "IST0106 error {mode | needs serverCertificate"));
    }

    static Stream<Row> egress() {
        return Stream.of(
                egress("{port: {number: 80}, bind: 127.0.0.1, captureMode: NONE, " + ALL + "}, {" + ALL + "}"),
                egress("{port: {number: 0, protocol: HTTP}, bind: 'unix:///a', " + ALL + "}"),
                egress("null", "IST0106 error null | not null"),
                egress(
                        "{" + ALL + "}, {port: {number: 80}, " + ALL + "}",
                        "IST0106 error {hosts | must be the last one"),
                egress("{" + ALL + "}, {" + ALL + "}", "IST0106 error {hosts | must be the last one"),
                egress("{port: {number: 80, targetPort: 1}, " + ALL + "}", "IST0106 error targetPort | no meaning"),
                egress("{port: {number: 0}, " + ALL + "}", "IST0106 error 0}, | or 0 with a Unix socket"),
                egress(
                        "{port: {protocol: HTTP}, bind: 1.2.3.4, " + ALL + "}",
                        "IST0106 error {protocol | 0 with a Unix"),
                egress("{port: {number: 0}, bind: 'unix://a', " + ALL + "}", "IST0106 error 'unix | absolute file"),
                egress(
                        "{port: {number: 0}, bind: 'unix:///a', captureMode: IPTABLES, " + ALL + "}",
                        "IST0106 error IPTABLES | NONE or DEFAULT"),
                egress(
                        "{port: {number: 0}, bind: 'unix:///a', " + ALL + "}, {port: {number: 0}, bind: 'unix:///a', "
                                + ALL + "}",
                        "IST0106 error 'unix:///a'§2 | already an egress listener on"),
                egress(
                        "{port: {number: 80}, " + ALL + "}, {port: {number: 80}, " + ALL + "}",
                        "IST0106 error 80}§2 | already an egress listener for port 80"),
                egress("{port: {number: 80}, bind: a, " + ALL + "}", "IST0106 error a, hosts | must be an IP address"),
                egress("{port: {number: 80}, bind: 'unix:///a', " + ALL + "}", "IST0106 error 'unix | must be an IP"),
                egress("{port: {number: 70000}, " + ALL + "}", "IST0106 error 70000 | between 1"),
                egress("{port: {number: 80, name: a_b}, " + ALL + "}", "IST0106 error a_b | must be letters"),
                egress("{port: {number: 80, protocol: X}, " + ALL + "}", "IST0106 error X}, | must be one of"));
    }

    static Stream<Row> egressHosts() {
        return Stream.of(
                hosts("['./*', 'istio-system/*', '~/*', 'other/a.com', '~other/b.com', '~*/*.c.com', '~./d.com']"),
                egress("{port: {number: 80}}", "IST0106 error {port | hosts: required"),
                hosts("[]", "IST0106 error [] | needs at least one host"),
                hosts("[a.com]", "IST0106 error a.com | must be namespace/dnsName"),
                hosts("[/a.com]", "IST0106 error /a.com | has an empty namespace"),
                hosts("[ns/]", "IST0106 error ns/ | must not be empty"),
                hosts("[n_s/a.com]", "IST0106 error n_s | must be a namespace"),
                hosts("['~n_s/a.com']", "IST0106 error '~n_s | must be a namespace"),
                hosts("[ns/reviews]", "IST0106 error ns/ | is a short name"),
                hosts("['ns/*a.com']", "IST0106 error 'ns/ | must be a whole label"),
                hosts("[ns/10.0.0.1]", "IST0106 error ns/ | is an IP address, and no host name"),
                hosts("[ns/a.com, ns/a.com]", "IST0133 warning ns/a.com§2 | is there already"),
                hosts("['ns/*', ns/a.com]", "IST0133 warning ns/a.com | takes the whole namespace"),
                hosts("[ns/a.com, 'ns/*']", "IST0133 warning 'ns/* | is there already"),
                hosts("['./*', shop/a.com]", "IST0133 warning shop/a.com | shop/* takes the whole namespace"),
                hosts("['*/*', ns/a.com]", "IST0133 warning ['*/*' | takes everything"),
                hosts("['*/*', '~kube-system/*', '~ns/a.com', '~/b.com']"));
    }

    static Stream<Row> outbound() {
        String proxy = "{host: proxy.egress.svc.cluster.local, port: {number: 8080}}";
        return Stream.of(
                row("outboundTrafficPolicy: {mode: ALLOW_ANY, egressProxy: " + proxy + "}"),
                row("outboundTrafficPolicy: {egressProxy: " + proxy + "}", "IST0106 error egressProxy | ALLOW_ANY"),
                row(
                        "outboundTrafficPolicy: {mode: REGISTRY_ONLY, egressProxy: " + proxy + "}",
                        "IST0106 error egressProxy | ALLOW_ANY"),
                row(
                        "outboundTrafficPolicy: {mode: ALLOW_ANY, egressProxy: {host: '*.a.com', port: {number: 1}}}",
                        "IST0106 error '*.a.com' | no host name"),
                row(
                        "outboundTrafficPolicy: {mode: ALLOW_ANY, egressProxy: {host: a.com}}",
                        "IST0106 error {host | needs a port"),
                row(
                        "outboundTrafficPolicy: {mode: ALLOW_ANY, egressProxy: {host: a.com, port: {number: 0}}}",
                        "IST0106 error 0}} | between 1 and 65535"),
                row(
                        "outboundTrafficPolicy: {mode: ALLOW_ANY, egressProxy: {host: a.com, subset: a_b, port: {number:"
                                + " 1}}}",
                        "IST0106 error a_b | must be letters"));
    }

    private static Row row(String spec, String... expected) {
        return Row.of(Yaml.spec("Sidecar", spec), expected);
    }

    private static Row ingress(String listeners, String... expected) {
        return row("ingress: [" + listeners + "]", expected);
    }

    private static Row ingressTls(String protocol, String tls, String... expected) {
        return ingress("{port: {number: 443, protocol: " + protocol + "}, tls: " + tls + "}", expected);
    }

    private static Row egress(String listeners, String... expected) {
        return row("egress: [" + listeners + "]", expected);
    }

    private static Row hosts(String hosts, String... expected) {
        return egress("{hosts: " + hosts + "}", expected);
    }
}
