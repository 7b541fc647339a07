package dev.sluice.config.validate.cross;

import static dev.sluice.config.validate.cross.Documents.REVIEWS;
import static dev.sluice.config.validate.cross.Documents.check;
import static dev.sluice.config.validate.cross.Documents.entry;
import static dev.sluice.config.validate.cross.Documents.in;
import static dev.sluice.config.validate.cross.Documents.object;
import static dev.sluice.config.validate.cross.Documents.pod;

import org.junit.jupiter.api.Test;

/** IST0128, IST0129, IST0173, IST0174 and SLC0103: DestinationRules, their hosts, subsets, TLS and ejections. */
class RuleAnalysisTest {
    private static final String SUBSET =
            object("DestinationRule", "dr", "{host: reviews, subsets: [{name: v1, labels: {v: '1'}}]}");

    @Test
    void aRuleIsAboutAService() {
        check(REVIEWS + object("DestinationRule", "dr", "{host: reviews}"));
        check(REVIEWS + object("DestinationRule", "dr", "{host: '*.local'}"));
        check(
                object("DestinationRule", "dr", "{host: nobody}"),
                "IST0174 warning nobody | there is no service \"nobody.shop.svc.cluster.local\"");
        check(
                entry("se", "[a.com], exportTo: [.]", "HTTP") + in("other", "DestinationRule", "dr", "{host: a.com}"),
                "IST0174 warning a.com§2 | service \"a.com\" is not exported to namespace other");
    }

    @Test
    void aSubsetIsAboutSomebody() {
        check(REVIEWS + pod("p", "app: reviews, v: '1'") + SUBSET);
        check(REVIEWS + SUBSET, "IST0173 error {v: '1'}}] | has the labels of subset \"v1\"");
        check(
                REVIEWS + pod("p", "app: reviews, v: '2'") + pod("q", "app: other, v: '1'") + SUBSET,
                "IST0173 error {v: '1'}}] | no endpoint of \"reviews.shop.svc.cluster.local\" has the labels of subset"
                        + " \"v1\"");
    }

    @Test
    void endpointsOfASliceHaveTheLabelsOfTheirPods() {
        String slice =
                "apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: s, namespace: shop, labels:"
                        + " {kubernetes.io/service-name: reviews}}\naddressType: IPv4\nports: [{name: http, port: 80}]\nendpoints:"
                        + " [{addresses: [10.0.0.1], targetRef: {kind: Pod, name: p}}]\n---\n";
        check(REVIEWS + slice + pod("p", "v: '1'") + SUBSET);
        check(REVIEWS + slice + pod("q", "app: reviews, v: '1'") + SUBSET, "IST0173 error {v: '1'}}] | subset \"v1\"");
        String addressed = pod("q", "v: '1'").replace("spec: {}", "status: {podIP: 10.0.0.1}");
        check(REVIEWS + slice + addressed + SUBSET);
    }

    @Test
    void aSubsetMayGoByThePlaceOfItsEndpoints() {
        String zone = SUBSET.replace("v: '1'", "topology.kubernetes.io/zone: a");
        String node = "apiVersion: v1\nkind: Node\nmetadata: {name: m1, labels: {topology.kubernetes.io/region: eu,"
                + " topology.kubernetes.io/zone: a}}\n---\n";
        String onNode = pod("p", "app: reviews").replace("spec: {}", "spec: {nodeName: m1}");
        check(REVIEWS + onNode + node + zone);
        check(REVIEWS + onNode + node + zone.replace("zone: a", "region: eu"));
        check(REVIEWS + onNode + zone.replace("topology.kubernetes.io/zone: a", "kubernetes.io/hostname: m1"));
        check(REVIEWS + onNode + zone, "IST0173 error {topology.kubernetes.io/zone: a}}] | has the labels of");
        check(
                REVIEWS + onNode + node.replace("region: eu", "region: ''") + zone.replace("zone: a", "region: ''"),
                "IST0173 error {topology.kubernetes.io/region: ''}}] | has the labels of");

        String entry = object(
                "ServiceEntry",
                "se",
                "{hosts: [a.com], resolution: STATIC, ports: [{number: 80, name: p, protocol: HTTP}], endpoints:"
                        + " [{address: 10.0.0.1, locality: eu/a/r1}]}");
        String ofEntry = zone.replace("host: reviews", "host: a.com");
        check(entry + ofEntry);
        check(entry.replace("eu/a", "eu/b") + ofEntry, "IST0173 error {topology.kubernetes.io/zone: a}}] | a.com");
    }

    @Test
    void aServiceOfNobodyHasNoSubsets() {
        check(
                REVIEWS.replace("selector: {app: reviews}, ", "") + SUBSET,
                "IST0173 error {v: '1'}}] | has the labels of subset \"v1\"");
        check(entry("se", "[a.com]", "HTTP") + SUBSET.replace("host: reviews", "host: a.com"));
    }

    @Test
    void aHostThatIsLookedUpHasNoLabels() {
        String dns = object(
                "ServiceEntry",
                "se",
                "{hosts: [a.com], resolution: DNS, ports: [{number: 80, name: p, protocol: HTTP}]}");
        check(
                dns + SUBSET.replace("host: reviews", "host: a.com"),
                "IST0173 error {v: '1'}}] | no endpoint of \"a.com\"");
        check(dns + SUBSET.replace("host: reviews", "host: a.com").replace("labels: {v: '1'}", "labels: {}"));
    }

    @Test
    void anUnverifiedServerIsTold() {
        String rule = object("DestinationRule", "dr", "{host: reviews, trafficPolicy: {tls: {mode: SIMPLE}}}");
        check(
                REVIEWS + rule,
                "IST0128 warning SIMPLE | without caCertificates every authority that the system trusts is believed");
        check(
                REVIEWS + rule.replace("SIMPLE", "SIMPLE, insecureSkipVerify: true"),
                "IST0128 warning SIMPLE | with insecureSkipVerify no certificate is checked");
        check(REVIEWS + rule.replace("SIMPLE", "SIMPLE, caCertificates: /ca.pem"));
        check(REVIEWS + rule.replace("SIMPLE", "SIMPLE, credentialName: x"), "IST0128 warning SIMPLE | only with a");
        check(REVIEWS
                + rule.replace("SIMPLE", "SIMPLE, credentialName: x")
                        .replace("{host", "{workloadSelector: {matchLabels: {a: b}}, host"));
        check(REVIEWS + rule.replace("SIMPLE", "ISTIO_MUTUAL"));
        check(
                REVIEWS
                        + object(
                                "DestinationRule",
                                "dr",
                                "{host: reviews, trafficPolicy: {portLevelSettings: [{port: {number: 80}, tls: {mode:"
                                        + " MUTUAL}}]}}"),
                "IST0129 warning MUTUAL | every authority");
    }

    @Test
    void anEjectionLimitBelowOneEndpointIsTold() {
        String three = object(
                "ServiceEntry",
                "se",
                "{hosts: [a.com], resolution: STATIC, ports: [{number: 80, name: p, protocol: HTTP}], endpoints:"
                        + " [{address: 10.0.0.1, labels: {v: '1'}}, {address: 10.0.0.2}, {address: 10.0.0.3}]}");
        check(three + outlier("maxEjectionPercent: 34"));
        check(
                three + outlier("maxEjectionPercent: 33"),
                "SLC0103 warning 33 | 33 % of the 3 endpoints of the service is less than one; 34 would do");
        check(three + outlier("interval: 1s"), "SLC0103 warning {interval | 10 %, the default, of the 3 endpoints");
        check(
                three
                        + object(
                                "DestinationRule",
                                "dr",
                                "{host: a.com, subsets: [{name: s, labels: {v: '1'}, trafficPolicy: {outlierDetection:"
                                        + " {maxEjectionPercent: 50}}}]}"),
                "SLC0103 warning 50 | 50 % of the one endpoint of the subset is less than one; 100 would do");
    }

    private static String outlier(String settings) {
        return object("DestinationRule", "dr", "{host: a.com, trafficPolicy: {outlierDetection: {" + settings + "}}}");
    }
}
