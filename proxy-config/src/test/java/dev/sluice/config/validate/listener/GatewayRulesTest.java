package dev.sluice.config.validate.listener;

import dev.sluice.config.validate.Row;
import dev.sluice.config.validate.Yaml;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Spec §11.3: Gateway. */
class GatewayRulesTest {
    private static final String PORT = "port: {number: 80, name: http, protocol: HTTP}";
    private static final String TLS_PORT = "port: {number: 443, name: https, protocol: HTTPS}";

    @ParameterizedTest
    @MethodSource({"gateways", "hosts", "ports", "binds", "tlsAndProtocol", "tls"})
    void findsWhatIsWrongAndNothingElse(Row row) {
        row.check();
    }

    static Stream<Row> gateways() {
        return Stream.of(
                row("selector: {app: gw}\nservers: [{" + PORT + ", hosts: ['*']}]"),
                row("servers: [{" + PORT + ", hosts: ['*']}]"),
                row("selector: {app: gw}", "IST0106 error selector | needs at least one server"),
                row("servers: []", "IST0106 error []\n | needs at least one server"),
                row("servers: [null]", "IST0106 error null | not null"),
                row(
                        "servers: [{" + PORT
                                + ", hosts: [a.com]}, {port: {number: 81, name: http, protocol: HTTP}, hosts:"
                                + " [b.com]}]",
                        "IST0106 error http, protocol§2 | already a port \"http\""),
                Row.of(
                        Yaml.spec("Gateway", "servers: [{" + PORT + ", hosts: ['*']}]")
                                .replace("name: x,", "name: x.v1,"),
                        "IST0106 error x.v1 | must be letters, digits"),
                row(
                        "servers: [{" + PORT + ", hosts: ['*'], defaultEndpoint: '127.0.0.1:80'}]",
                        "SLC0106 warning defaultEndpoint | has no effect"));
    }

    static Stream<Row> hosts() {
        return Stream.of(
                host("a.com"),
                host("'*.a.com'"),
                host("ns/a.com"),
                host("./a.com"),
                host("'*/*'"),
                host("10.0.0.1"),
                host("'2001:db8::1'", "IST0106 error '2001 | an address of IPv6 is no host here"),
                row("servers: [{" + PORT + "}]", "IST0106 error {port | hosts: required"),
                row("servers: [{" + PORT + ", hosts: []}]", "IST0106 error []}] | needs at least one host"),
                host("reviews", "IST0106 error reviews | is a short name"),
                host("a_b.com", "IST0106 error a_b | no host name"),
                host("'*a.com'", "IST0106 error '*a | must be a whole label"),
                host("/a.com", "IST0106 error /a | has an empty namespace"),
                host("ns/", "IST0106 error ns/ | must not be empty"),
                host("n_s/a.com", "IST0106 error n_s | must be a namespace"),
                host("'~/a.com'", "IST0106 error '~ | must be a namespace, \".\" or \"*\""));
    }

    static Stream<Row> ports() {
        return Stream.of(
                port("{number: 80, name: a, protocol: grpc}"),
                port("{number: 80, name: a, protocol: GRPC-WEB}"),
                port("{number: 3306, name: a, protocol: MySQL}"),
                row("servers: [{hosts: [a.com]}]", "IST0106 error {hosts | port: required"),
                port("{name: a, protocol: HTTP}", "IST0106 error {name: a | number: required"),
                port("{number: 80, name: a}", "IST0106 error {number | protocol: required"),
                port("{number: 80, protocol: HTTP}", "IST0106 error {number | name: required"),
                port("{number: 80, name: a, protocol: HTTP3}", "IST0106 error HTTP3 | must be one of HTTP, HTTP2"),
                port("{number: 0, name: a, protocol: HTTP}", "IST0106 error 0,  | between 1 and 65535, not 0"),
                port("{number: 65536, name: a, protocol: HTTP}", "IST0106 error 65536 | between 1 and 65535"),
                port("{number: 80, name: '', protocol: HTTP}", "IST0106 error '' | must not be empty"),
                port(
                        "{number: 80, name: a, protocol: HTTP, targetPort: 8080}",
                        "IST0106 error targetPort | no meaning"));
    }

    static Stream<Row> binds() {
        return Stream.of(
                bind("10.0.0.1", 80),
                bind("'::'", 80),
                bind("unix:///run/a.sock", 0),
                bind("'unix://@a'", 0),
                bind("a.com", 80, "IST0106 error a.com, hosts | must be an IP address"),
                bind("10.0.0.0/8", 80, "IST0106 error 10.0.0.0/8 | must be an IP address"),
                bind("unix://a.sock", 0, "IST0106 error unix | must name an absolute file"),
                bind("unix:///run/a.sock", 80, "IST0106 error 80 | must be 0 for a server on a Unix socket"));
    }

    static Stream<Row> tlsAndProtocol() {
        return Stream.of(
                server(TLS_PORT, "{mode: SIMPLE, credentialName: c}"),
                server(PORT, "{httpsRedirect: true}"),
                server("port: {number: 443, name: t, protocol: TLS}", "{mode: PASSTHROUGH}"),
                row("servers: [{" + TLS_PORT + ", hosts: [a.com]}]", "IST0106 error {port | HTTPS needs tls"),
                server(
                        PORT,
                        "{mode: SIMPLE, credentialName: c}",
                        "IST0106 error tls: | no place on a port of protocol HTTP"),
                server(
                        PORT,
                        "{httpsRedirect: true, caCertificates: c}",
                        "IST0106 error tls: | but for httpsRedirect",
                        "IST0133 warning caCertificates | is passed over"),
                server(
                        "port: {number: 9000, name: t, protocol: TCP}",
                        "{mode: PASSTHROUGH}",
                        "IST0106 error tls: | no place on a port of protocol TCP; use HTTPS or TLS"),
                server(
                        TLS_PORT,
                        "{httpsRedirect: true, mode: SIMPLE, credentialName: c}",
                        "IST0133 warning httpsRedirect | is for servers of protocol HTTP"));
    }

    static Stream<Row> tls() {
        return Stream.of(
                tls("{mode: SIMPLE, serverCertificate: c, privateKey: k}"),
                tls("{mode: MUTUAL, serverCertificate: c, privateKey: k, caCertificates: a, caCrl: r}"),
                tls("{mode: OPTIONAL_MUTUAL, credentialNames: [a, b]}"),
                tls("{mode: SIMPLE, tlsCertificates: [{serverCertificate: a, privateKey: b}, {serverCertificate: c,"
                        + " privateKey: d}], minProtocolVersion: TLSV1_3}"),
                tls("{mode: ISTIO_MUTUAL}"),
                tls("{mode: AUTO_PASSTHROUGH}"),
                tls(
                        "{mode: SIMPLE, credentialName: c, minProtocolVersion: TLSV1_1}",
                        "IST0133 warning TLSV1_1 | needs cipherSuites"),
                tls("{mode: SIMPLE, credentialName: c, minProtocolVersion: TLSV1_0, cipherSuites: [AES128-SHA]}"),
                tls("{mode: SIMPLE, credentialName: c, minProtocolVersion: TLSV1_3, maxProtocolVersion: TLSV1_3}"),
                tls("{mode: PASSTHROUGH, maxProtocolVersion: TLSV1_1}"),
                tls(
                        "{mode: SIMPLE, credentialName: c, minProtocolVersion: TLSV1_3, maxProtocolVersion: TLSV1_2}",
                        "SLC0121 warning TLSV1_2 | no client can connect: it is less than minProtocolVersion, TLSV1_3"),
                tls(
                        "{mode: ISTIO_MUTUAL, maxProtocolVersion: TLSV1_1}",
                        "SLC0121 warning TLSV1_1 | minProtocolVersion, TLSV1_2 where that is not set"),
                tls("{mode: MUTUAL, credentialName: c, verifyCertificateSpki: [" + "a".repeat(43) + "="
                        + "], verifyCertificateHash: [" + "aB".repeat(32) + ", '" + "0C:".repeat(31) + "0C']}"),
                tls(
                        "{mode: MUTUAL, credentialName: c, verifyCertificateSpki: [abc=], verifyCertificateHash: [12:34]}",
                        "SLC0121 warning abc= | no SHA-256 in base64",
                        "SLC0121 warning 12:34 | no SHA-256 in hex"),
                tls(
                        "{mode: SIMPLE, credentialName: c, cipherSuites: [RC4-MD5]}",
                        "IST0133 warning RC4 | no cipher suite"),
                tls(
                        "{mode: SIMPLE, credentialName: c, cipherSuites: [AES128-SHA, AES128-SHA]}",
                        "IST0133 warning AES128-SHA] | is there already"),
                tls(
                        "{mode: ISTIO_MUTUAL, serverCertificate: c, privateKey: k, caCertificates: a}",
                        "IST0106 error serverCertificate | no place beside ISTIO_MUTUAL",
                        "IST0106 error privateKey | no place beside ISTIO_MUTUAL",
                        "IST0106 error caCertificates | no place beside ISTIO_MUTUAL"),
                tls(
                        "{mode: SIMPLE, credentialName: c, subjectAltNames: [a], verifyCertificateHash: ['12']}",
                        "SLC0106 warning subjectAltNames | SIMPLE asks no client for a certificate",
                        "SLC0106 warning verifyCertificateHash | SIMPLE asks no client for a certificate"),
                tls(
                        "{mode: SIMPLE, serverCertificate: c, privateKey: k, caCertificates: a}",
                        "SLC0106 warning caCertificates | SIMPLE asks no client for a certificate; MUTUAL does"),
                tls("{mode: ISTIO_MUTUAL, credentialName: c}", "IST0106 error credentialName | no place"),
                tls("{mode: ISTIO_MUTUAL, credentialNames: [c]}", "IST0106 error credentialNames | no place"),
                tls(
                        "{mode: ISTIO_MUTUAL, tlsCertificates: [{serverCertificate: a, privateKey: b}]}",
                        "IST0106 error tlsCertificates | no place"),
                tls("{credentialName: c}", "IST0133 warning credentialName | (there is no mode)"),
                tls("{mode: PASSTHROUGH, caCrl: c}", "IST0133 warning caCrl | is passed over: PASSTHROUGH leaves"),
                tls(
                        "{mode: SIMPLE, serverCertificate: c, privateKey: k, credentialName: m}",
                        "IST0106 error credentialName | name one certificate source"),
                tls(
                        "{mode: SIMPLE, credentialName: c, credentialNames: [d]}",
                        "IST0106 error credentialNames | exclude one another"),
                tls(
                        "{mode: SIMPLE, credentialName: c, tlsCertificates: [{serverCertificate: a, privateKey: b}]}",
                        "IST0106 error tlsCertificates | exclude one another"),
                tls(
                        "{mode: SIMPLE, credentialNames: []}",
                        "IST0106 error {mode | SIMPLE needs privateKey",
                        "IST0106 error {mode | SIMPLE needs serverCertificate",
                        "IST0106 error []}}] | must have"),
                tls(
                        "{mode: SIMPLE, privateKey: k}",
                        "IST0106 error {mode | SIMPLE needs serverCertificate, or a credentialName"),
                tls("{mode: SIMPLE, serverCertificate: c}", "IST0106 error {mode | SIMPLE needs privateKey"),
                tls(
                        "{mode: SIMPLE, tlsCertificates: [{serverCertificate: c}]}",
                        "IST0106 error {serverCertificate | SIMPLE needs privateKey"),
                tls(
                        "{mode: MUTUAL, serverCertificate: c, privateKey: k}",
                        "IST0106 error {mode | MUTUAL needs caCertificates"),
                tls(
                        "{mode: OPTIONAL_MUTUAL, serverCertificate: c, privateKey: k}",
                        "IST0106 error {mode | OPTIONAL_MUTUAL needs caCertificates"),
                tls(
                        "{mode: SIMPLE, serverCertificate: c, privateKey: k, caCrl: r}",
                        "IST0106 error caCrl | no place beside SIMPLE"),
                tls("{mode: MUTUAL, credentialName: c, caCrl: r}"),
                tls(
                        "{mode: SIMPLE, credentialName: c, caCrl: r}",
                        "SLC0106 warning caCrl | SIMPLE asks no client for a certificate"),
                tls(
                        "{mode: PASSTHROUGH, credentialName: c, caCrl: r}",
                        "IST0133 warning credentialName | is passed over",
                        "IST0106 error caCrl | has to be in the credential"));
    }

    private static Row row(String spec, String... expected) {
        return Row.of(Yaml.spec("Gateway", spec), expected);
    }

    private static Row host(String host, String... expected) {
        return row("servers: [{" + PORT + ", hosts: [" + host + "]}]", expected);
    }

    private static Row port(String port, String... expected) {
        return row("servers: [{port: " + port + ", hosts: [a.com]}]", expected);
    }

    private static Row bind(String bind, int port, String... expected) {
        return row(
                "servers: [{port: {number: " + port + ", name: p, protocol: HTTP}, bind: " + bind
                        + ", hosts: [a.com]}]",
                expected);
    }

    private static Row server(String port, String tls, String... expected) {
        return row("servers: [{" + port + ", hosts: [a.com], tls: " + tls + "}]", expected);
    }

    private static Row tls(String tls, String... expected) {
        return server(TLS_PORT, tls, expected);
    }
}
