package dev.sluice.config.validate.policy;

import dev.sluice.config.validate.Row;
import dev.sluice.config.validate.Yaml;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Spec §11.2: DestinationRule. */
class DestinationRuleRulesTest {
    @ParameterizedTest
    @MethodSource({
        "hosts",
        "subsets",
        "selectors",
        "policies",
        "ports",
        "outliers",
        "pools",
        "tls",
        "tunnels",
        "annotations"
    })
    void findsWhatIsWrongAndNothingElse(Row row) {
        row.check();
    }

    static Stream<Row> hosts() {
        return Stream.of(
                row("host: b"),
                row("host: '*.b.com'"),
                row("host: '*'"),
                row("{}", "IST0106 error {}\n | host: required, but missing"),
                row("host: b_c", "IST0106 error b_c | no host name"),
                row("host: 10.0.0.1", "IST0106 error 10.0.0.1 | is an IP address, and no host name"),
                row("host: ''", "IST0106 error '' | must not be empty"),
                row("host: b\nexportTo: [., .]", "IST0106 error .]\n | is there twice"));
    }

    static Stream<Row> subsets() {
        return Stream.of(
                row("host: b\nsubsets: [{name: v1, labels: {version: v1}}, {name: all}]"),
                row("host: b\nsubsets: [null]", "IST0106 error null | not null"),
                row("host: b\nsubsets: [{labels: {a: b}}]", "IST0106 error {labels | name: required"),
                row("host: b\nsubsets: [{name: v1}, {name: v1}]", "IST0106 error v1}] | already a subset \"v1\""),
                row("host: b\nsubsets: [{name: v.1}]", "IST0106 error v.1 | must be letters"),
                row("host: b\nsubsets: [{name: v1, labels: {'-': a}}]", "IST0106 error '-' | no label"),
                row("host: b\nsubsets: [{name: v1, labels: {a: b c}}]", "IST0106 error b c | no value of a label"),
                row("host: b\nsubsets: [{name: v1, trafficPolicy: {}}]", "IST0106 error {}}] | says nothing"));
    }

    static Stream<Row> selectors() {
        return Stream.of(
                row("host: b\nworkloadSelector: {matchLabels: {app: x}}\nexportTo: [.]"),
                row("host: b\nworkloadSelector: {matchLabels: {app: x}}\nexportTo: [shop]"),
                row(
                        "host: b\nworkloadSelector: {matchLabels: {'': x}}",
                        "IST0106 error '' | must not have an empty key"),
                row("host: b\nworkloadSelector: {matchLabels: {app: '*'}}", "IST0106 error '*' | takes no wildcard"),
                row("host: b\nworkloadSelector: {matchLabels: {'a*': b}}", "IST0106 error 'a*' | takes no wildcard"),
                row("host: b\nworkloadSelector: {}", "IST0133 warning {}\n | without labels takes every workload"),
                row(
                        "host: b\nworkloadSelector: {matchLabels: {app: x}}\nexportTo: ['*']",
                        "IST0106 error '*' | goes beyond the own namespace"),
                row(
                        "host: b\nworkloadSelector: {matchLabels: {app: x}}\nexportTo: [., other]",
                        "IST0106 error other | goes beyond the own namespace"));
    }

    static Stream<Row> policies() {
        return Stream.of(
                policy("{proxyProtocol: {version: V2}}"),
                policy("{retryBudget: {percent: 25, minRetryConcurrency: 5}}"),
                policy("{}", "IST0106 error {}\n | says nothing"),
                policy("{portLevelSettings: []}", "IST0106 error {portLevel | says nothing"),
                policy(
                        "{tunnel: {targetHost: a.com, targetPort: 443}, proxyProtocol: {}}",
                        "IST0106 error proxyProtocol | exclude one another"),
                policy("{proxyProtocol: {version: V3}}", "IST0106 error V3 | unknown value"),
                policy("{retryBudget: {percent: 101}}", "IST0106 error 101 | between 0 and 100"),
                policy(
                        "{retryBudget: {}, connectionPool: {http: {maxRetries: 3}}}",
                        "SLC0106 warning maxRetries | the retryBudget takes its place"));
    }

    static Stream<Row> ports() {
        return Stream.of(
                policy("{portLevelSettings: [{port: {number: 80}, loadBalancer: {simple: RANDOM}}]}"),
                policy("{portLevelSettings: [null]}", "IST0106 error null | not null"),
                policy("{portLevelSettings: [{loadBalancer: {simple: RANDOM}}]}", "IST0106 error {load | needs a port"),
                policy("{portLevelSettings: [{port: {number: 80}}]}", "IST0106 error {port:  | says nothing"),
                policy(
                        "{portLevelSettings: [{port: {number: 80}, connectionPool: {}}]}",
                        "IST0106 error {}}] | needs tcp, http or both"),
                policy(
                        "{portLevelSettings: [{port: {number: 80}, outlierDetection: {interval: 0s}}]}",
                        "IST0106 error 0s | at least 1ms"),
                policy(
                        "{portLevelSettings: [{port: {number: 80}, tls: {mode: MUTUAL, privateKey: k}}]}",
                        "IST0106 error {mode | MUTUAL needs clientCertificate"),
                policy(
                        "{portLevelSettings: [{port: {number: 80}, loadBalancer: {consistentHash: {maglev: {},"
                                + " useSourceIp: true}}}]}",
                        "IST0106 error {}, | must be set"));
    }

    static Stream<Row> outliers() {
        return Stream.of(
                outlier("{}"),
                outlier("{consecutive5xxErrors: 7, interval: 5m, baseEjectionTime: 15m, maxEjectionPercent: 100,"
                        + " minHealthPercent: 0, outlierDetectionHttpErrorCodes: [429, 503]}"),
                outlier("{splitExternalLocalOriginErrors: true, consecutiveLocalOriginFailures: 3}"),
                outlier("{consecutiveLocalOriginFailures: 0}"),
                outlier("{baseEjectionTime: 0s}", "IST0106 error 0s | at least 1ms"),
                outlier("{interval: 100us}", "IST0106 error 100us | at least 1ms"),
                outlier("{consecutiveErrors: 5}", "IST0002 warning consecutiveErrors | is deprecated"),
                outlier(
                        "{consecutiveLocalOriginFailures: 3}",
                        "IST0106 error consecutiveLocal | needs splitExternalLocalOriginErrors: true"),
                outlier("{maxEjectionPercent: 0}", "SLC0103 warning 0} | 0 counts as unset"),
                outlier("{maxEjectionPercent: 101}", "IST0106 error 101 | between 0 and 100"),
                outlier("{maxEjectionPercent: -1}", "IST0106 error -1 | between 0 and 100"),
                outlier("{minHealthPercent: 200}", "IST0106 error 200 | between 0 and 100"),
                outlier("{outlierDetectionHttpErrorCodes: [99]}", "IST0106 error 99 | between 100 and 599"),
                outlier("{outlierDetectionHttpErrorCodes: [600]}", "IST0106 error 600 | between 100 and 599"),
                outlier("{consecutive5xxErrors: 0}", "SLC0103 warning 0}} | nobody is ever ejected"),
                outlier("{consecutive5xxErrors: 0, consecutiveGatewayErrors: 1}"),
                outlier("{consecutive5xxErrors: 0, splitExternalLocalOriginErrors: true}"),
                outlier("{consecutive5xxErrors: 0, splitExternalLocalOriginErrors: true,"
                        + " consecutiveLocalOriginFailures: 0}"),
                outlier("{consecutiveGatewayErrors: 4}"),
                outlier(
                        "{consecutiveGatewayErrors: 5}",
                        "SLC0106 warning 5}} | has no effect: these errors count for consecutive5xxErrors, too, and 5, its"
                                + " default, come no later"),
                outlier("{consecutive5xxErrors: 3, consecutiveGatewayErrors: 2}"),
                outlier(
                        "{consecutive5xxErrors: 3, consecutiveGatewayErrors: 7}",
                        "SLC0106 warning 7}} | and 3 come no later; with consecutive5xxErrors: 0"),
                outlier("{consecutive5xxErrors: 3, consecutiveGatewayErrors: 0}"),
                outlier("{consecutiveGatewayErrors: 2, outlierDetectionHttpErrorCodes: [500]}"),
                outlier("{consecutiveGatewayErrors: 2, outlierDetectionHttpErrorCodes: [500, 503],"
                        + " splitExternalLocalOriginErrors: true}"),
                outlier(
                        "{consecutiveGatewayErrors: 2, outlierDetectionHttpErrorCodes: [500],"
                                + " splitExternalLocalOriginErrors: true}",
                        "SLC0106 warning 2, | has none of 502, 503, 504"));
    }

    static Stream<Row> pools() {
        return Stream.of(
                pool("{tcp: {maxConnections: 100, connectTimeout: 30ms, tcpKeepalive: {time: 7200s, interval: 75s},"
                        + " maxConnectionDuration: 1h, idleTimeout: 0s}}"),
                pool("{http: {http1MaxPendingRequests: 0, http2MaxRequests: 1000, maxRequestsPerConnection: 10,"
                        + " maxRetries: 5, idleTimeout: 1h, h2UpgradePolicy: UPGRADE, maxConcurrentStreams: 100,"
                        + " http2KeepAlive: {interval: 10s, timeout: 5s}}}"),
                pool("{}", "IST0106 error {}} | needs tcp, http or both"),
                pool("{http: {http1MaxPendingRequests: -1}}", "IST0106 error -1 | must not be negative"),
                pool("{http: {http2MaxRequests: -1}}", "IST0106 error -1 | must not be negative"),
                pool("{http: {maxRequestsPerConnection: -1}}", "IST0106 error -1 | must not be negative"),
                pool("{http: {maxRetries: -1}}", "IST0106 error -1 | must not be negative"),
                pool("{http: {maxConcurrentStreams: -1}}", "IST0106 error -1 | must not be negative"),
                pool("{http: {idleTimeout: 0s}}", "IST0106 error 0s | at least 1ms"),
                pool(
                        "{http: {h2UpgradePolicy: UPGRADE, useClientProtocol: true}}",
                        "IST0106 error useClientProtocol | excludes h2UpgradePolicy: UPGRADE"),
                pool("{http: {useClientProtocol: true, h2UpgradePolicy: DO_NOT_UPGRADE}}"),
                pool("{http: {http2KeepAlive: {interval: 1s}}}", "IST0106 error {interval | needs timeout too"),
                pool("{http: {http2KeepAlive: {timeout: 1s}}}", "IST0106 error {timeout | needs interval too"),
                pool("{http: {http2KeepAlive: {timeout: 1s, interval: 0s}}}", "IST0106 error 0s | at least 1ms"),
                pool("{tcp: {maxConnections: -1}}", "IST0106 error -1 | must not be negative"),
                pool("{tcp: {connectTimeout: 0s}}", "IST0106 error 0s | at least 1ms"),
                pool("{tcp: {maxConnectionDuration: 1us}}", "IST0106 error 1us | at least 1ms"),
                pool("{tcp: {idleTimeout: 1us}}", "IST0106 error 1us | at least 1ms"),
                pool("{tcp: {tcpKeepalive: {time: 0s}}}", "IST0106 error 0s | at least 1ms"),
                pool("{tcp: {tcpKeepalive: {interval: 1500us}}}", "IST0106 error 1500us | whole milliseconds"));
    }

    static Stream<Row> tls() {
        return Stream.of(
                clientTls("{mode: SIMPLE}"),
                clientTls("{mode: SIMPLE, credentialName: c, sni: a.com, subjectAltNames: [a.com]}"),
                clientTls("{mode: SIMPLE, insecureSkipVerify: true}"),
                clientTls("{mode: MUTUAL, clientCertificate: c, privateKey: k}"),
                clientTls("{mode: MUTUAL, insecureSkipVerify: true, credentialName: c}"),
                clientTls("{mode: ISTIO_MUTUAL}"),
                clientTls("{mode: ISTIO_MUTUAL, sni: a.com, subjectAltNames: [a.com], insecureSkipVerify: false}"),
                clientTls(
                        "{mode: ISTIO_MUTUAL, caCertificates: c, credentialName: d}",
                        "SLC0106 warning caCertificates | ISTIO_MUTUAL brings its own",
                        "SLC0106 warning credentialName | ISTIO_MUTUAL brings its own"),
                clientTls(
                        "{mode: ISTIO_MUTUAL, insecureSkipVerify: true}",
                        "SLC0106 warning insecureSkipVerify | the upstream is always verified"),
                clientTls("{mode: DISABLE}"),
                clientTls("{mode: SIMPLE, credentialName: 'configmap://c'}"),
                clientTls("{mode: SIMPLE, credentialName: 'configmap://shop/c'}"),
                clientTls(
                        "{mode: SIMPLE, credentialName: 'configmap://other/c'}",
                        "IST0106 error 'configmap | must be of the own namespace, shop"),
                clientTls(
                        "{mode: SIMPLE, insecureSkipVerify: true, caCertificates: c}",
                        "IST0106 error caCertificates | contradicts insecureSkipVerify"),
                clientTls(
                        "{mode: SIMPLE, insecureSkipVerify: true, credentialName: c}",
                        "IST0106 error credentialName | contradicts insecureSkipVerify"),
                clientTls(
                        "{mode: SIMPLE, insecureSkipVerify: true, subjectAltNames: [a]}",
                        "IST0106 error subjectAltNames | contradicts insecureSkipVerify"),
                clientTls(
                        "{mode: MUTUAL, clientCertificate: c, privateKey: k, insecureSkipVerify: true, caCertificates: c}",
                        "IST0106 error caCertificates | contradicts insecureSkipVerify"),
                clientTls(
                        "{mode: MUTUAL, clientCertificate: c, privateKey: k, insecureSkipVerify: true,"
                                + " subjectAltNames: [a]}",
                        "IST0106 error subjectAltNames | contradicts insecureSkipVerify"),
                clientTls(
                        "{mode: SIMPLE, credentialName: c, caCertificates: f, caCrl: g}",
                        "IST0106 error caCertificates | excludes credentialName",
                        "IST0106 error caCrl | excludes credentialName"),
                clientTls(
                        "{mode: MUTUAL, credentialName: c, clientCertificate: f, privateKey: k}",
                        "IST0106 error clientCertificate | excludes credentialName",
                        "IST0106 error privateKey | excludes credentialName"),
                clientTls("{mode: MUTUAL, privateKey: k}", "IST0106 error {mode | MUTUAL needs clientCertificate"),
                clientTls("{mode: MUTUAL, clientCertificate: c}", "IST0106 error {mode | MUTUAL needs privateKey"),
                clientTls("{caCertificates: c}", "SLC0106 warning caCertificates | spoken to in cleartext"));
    }

    static Stream<Row> tunnels() {
        return Stream.of(
                policy("{tunnel: {protocol: POST, targetHost: a.com, targetPort: 443}}"),
                policy("{tunnel: {targetHost: 10.0.0.1, targetPort: 443}}"),
                policy(
                        "{tunnel: {protocol: GET, targetHost: a.com, targetPort: 1}}",
                        "IST0106 error GET | \"CONNECT\" or"),
                policy("{tunnel: {targetHost: '*.com', targetPort: 1}}", "IST0106 error '*.com' | neither a host name"),
                policy("{tunnel: {targetHost: a.com, targetPort: 0}}", "IST0106 error 0}} | between 1 and 65535"),
                policy("{tunnel: {targetHost: a.com}}", "IST0106 error {targetHost | targetPort: required"));
    }

    static Stream<Row> annotations() {
        return Stream.of(
                annotated("{sluice.dev/max-connections-per-endpoint: '8', sluice.dev/max-requests-per-endpoint: '1',"
                        + " sluice.dev/pending-deadline: 250ms, sluice.dev/half-open: '5'}"),
                annotated("{sluice.dev/max-connections-per-endpoint: '0'}", "SLC0109 warning '0' | above 0"),
                annotated("{sluice.dev/max-requests-per-endpoint: many}", "SLC0109 warning many | a whole number"),
                annotated("{sluice.dev/pending-deadline: soon}", "SLC0109 warning soon | a duration such as"),
                annotated("{sluice.dev/pending-deadline: 0s}", "SLC0109 warning 0s | at least 1ms"),
                annotated("{sluice.dev/half-open: 10%}", "SLC0109 warning 10% | without a percent sign"),
                annotated("{sluice.dev/half-open: '101'}", "SLC0109 warning '101' | between 1 and 100"));
    }

    private static Row row(String spec, String... expected) {
        return Row.of(Yaml.spec("DestinationRule", spec), expected);
    }

    private static Row policy(String policy, String... expected) {
        return row("host: b\ntrafficPolicy: " + policy, expected);
    }

    private static Row outlier(String outlier, String... expected) {
        return policy("{outlierDetection: " + outlier + "}", expected);
    }

    private static Row pool(String pool, String... expected) {
        return policy("{connectionPool: " + pool + "}", expected);
    }

    private static Row clientTls(String tls, String... expected) {
        return policy("{tls: " + tls + "}", expected);
    }

    private static Row annotated(String annotations, String... expected) {
        return Row.of(
                Yaml.spec("DestinationRule", "host: b")
                        .replace(
                                "metadata: {name: x, namespace: shop}",
                                "metadata:\n  name: x\n  annotations: " + annotations),
                expected);
    }
}
