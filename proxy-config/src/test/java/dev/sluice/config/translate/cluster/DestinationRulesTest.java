package dev.sluice.config.translate.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.sluice.config.crd.read.CrdSet;
import dev.sluice.config.plan.ClusterPlan.Discovery;
import dev.sluice.config.plan.SourceRef;
import dev.sluice.config.translate.Configs;
import dev.sluice.config.translate.registry.Declaration;
import dev.sluice.config.translate.registry.Nearness;
import dev.sluice.config.translate.registry.Service;
import dev.sluice.config.translate.registry.VirtualIps;
import dev.sluice.config.translate.scope.Mesh;
import dev.sluice.config.translate.scope.ProxyIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DestinationRulesTest {
    private static final String ROOT = "istio-system";
    private final List<String> documents = new ArrayList<>();

    @Test
    void theProxysNamespaceGoesBeforeTheServicesBeforeTheRoot() {
        rule("root", ROOT, "host: a.prod.svc.cluster.local");
        assertEquals("istio-system/root", found("client", "a", "prod"));
        rule("service", "prod", "host: a");
        assertEquals("prod/service", found("client", "a", "prod"));
        rule("client", "client", "host: a.prod.svc.cluster.local, exportTo: [elsewhere]");
        assertEquals("client/client", found("client", "a", "prod"));
        assertEquals("prod/service", found("other", "a", "prod"));
    }

    @Test
    void aWildcardOfTheProxysNamespaceGoesBeforeTheExactHostOfTheServices() {
        rule("exact", "prod", "host: a");
        rule("wild", "client", "host: '*.prod.svc.cluster.local'");
        assertEquals("client/wild", found("client", "a", "prod"));
    }

    @Test
    void insideANamespaceTheExactHostGoesBeforeTheMostSpecificWildcard() {
        rule("all", "prod", "host: '*'");
        rule("wild", "prod", "host: '*.prod.svc.cluster.local'");
        rule("wider", "prod", "host: '*.svc.cluster.local'");
        assertEquals("prod/wild", found("client", "a", "prod"));
        rule("exact", "prod", "host: A.prod.svc.cluster.local");
        assertEquals("prod/exact", found("client", "a", "prod"));
    }

    @Test
    void whatIsNotExportedDoesNotExist() {
        rule("private", "prod", "host: a, exportTo: ['.']");
        assertEquals("none", found("client", "a", "prod"));
        assertEquals("prod/private", found("prod", "a", "prod"));
        rule("for-client", "prod", "host: a, exportTo: [client]");
        assertEquals("prod/for-client", found("client", "a", "prod"));
    }

    @Test
    void aProxyOfTheRootNamespaceHasNoRulesOfItsOwnForOthers() {
        rule("root", ROOT, "host: a.prod.svc.cluster.local");
        rule("service", "prod", "host: a");
        assertEquals("prod/service", found(ROOT, "a", "prod"));
    }

    @Test
    void whatTheRootNamespaceKeepsToItselfIsItsProxiesOwn() {
        rule("everybodys", ROOT, "host: '*'");
        rule("service", "prod", "host: a");
        rule("own", ROOT, "host: '*.prod.svc.cluster.local', exportTo: ['.']");
        assertEquals("istio-system/own", found(ROOT, "a", "prod"));
        assertEquals("prod/service", found("client", "a", "prod"));
        assertEquals("istio-system/everybodys", found("client", "b", "elsewhere"));
        assertEquals("istio-system/everybodys", found("client", "b", "prod"));
    }

    @Test
    void aRuleOfTheRootNamespaceForSomeWorkloadsIsItsOwnToo() {
        rule("service", "prod", "host: a");
        rule("gateway", ROOT, "host: a.prod.svc.cluster.local, workloadSelector: {matchLabels: {app: gateway}}");
        assertEquals("istio-system/gateway", found(ROOT, "a", "prod", Map.of("app", "gateway")));
        assertEquals("prod/service", found(ROOT, "a", "prod"));
        assertEquals("prod/service", found("client", "a", "prod", Map.of("app", "gateway")));
    }

    @Test
    void aSelectorWithoutLabelsTakesAllOfItsNamespace() {
        rule("all", "prod", "host: a");
        rule("own", "prod", "host: a, workloadSelector: {}");
        assertEquals("prod/own", found("prod", "a", "prod"));
        assertEquals("prod/all", found("client", "a", "prod"));
    }

    @Test
    void ofRulesThatAreExportedDifferentlyTheLastHolds() {
        rule("a", "prod", "host: a");
        rule("b", "prod", "host: a, exportTo: ['.']");
        assertEquals("prod/b", found("prod", "a", "prod"));
        assertEquals("prod/a", found("client", "a", "prod"));
    }

    @Test
    void aSelectorTakesOnlyItsWorkloadsAndGoesBeforeNone() {
        rule("all", "prod", "host: a");
        rule("web", "prod", "host: a, workloadSelector: {matchLabels: {app: web}}");
        rule("elsewhere", "client", "host: a.prod.svc.cluster.local, workloadSelector: {matchLabels: {app: web}}");
        assertEquals("prod/all", found("prod", "a", "prod"));
        assertEquals("prod/web", found("prod", "a", "prod", Map.of("app", "web", "version", "v1")));
        assertEquals("prod/all", found("other", "a", "prod", Map.of("app", "web")));
    }

    @Test
    void rulesOfOneHostMerge() {
        rule("a", "prod", "host: a, subsets: [{name: v1, labels: {v: first}}]");
        rule("b", "prod", "host: a.prod.svc.cluster.local, trafficPolicy: {loadBalancer: {simple: RANDOM}}");
        rule(
                "c",
                "prod",
                "host: a, trafficPolicy: {loadBalancer: {simple: ROUND_ROBIN}},"
                        + " subsets: [{name: v1, labels: {v: later}}, {name: v2}]");
        rule("d", "prod", "host: a, exportTo: [prod], subsets: [{name: v3}]");
        MergedRule merged = rules(ProxyIdentity.of("client")).of(service("a", "prod"));
        assertNotNull(merged);
        assertEquals(List.of("v1", "v2"), List.copyOf(merged.subsets().keySet()));
        assertEquals("first", merged.subsets().get("v1").subset().labels().get("v"));
        assertNotNull(merged.policy());
        assertEquals("RANDOM", String.valueOf(merged.policy().loadBalancer().simple()));
        assertEquals("b", merged.policyOwner().metadata().name());
    }

    @Test
    void rulesWithTheSameSelectorMerge() {
        String web = "host: a, workloadSelector: {matchLabels: {app: web}}";
        rule("a", "prod", web + ", subsets: [{name: v1, labels: {v: first}}]");
        rule("b", "prod", web + ", exportTo: ['.'], trafficPolicy: {loadBalancer: {simple: RANDOM}}");
        rule("c", "prod", web + ", exportTo: [prod], subsets: [{name: v1, labels: {v: later}}, {name: v2}]");
        rule("d", "prod", "host: a, subsets: [{name: v3}]");
        rule("e", "prod", "host: a, workloadSelector: {matchLabels: {app: other}}, subsets: [{name: v4}]");
        MergedRule merged =
                rules(ProxyIdentity.of("prod").withLabels(Map.of("app", "web"))).of(service("a", "prod"));
        assertNotNull(merged);
        assertEquals(List.of("v1", "v2"), List.copyOf(merged.subsets().keySet()));
        assertEquals("first", merged.subsets().get("v1").subset().labels().get("v"));
        assertEquals("b", merged.policyOwner().metadata().name());
    }

    private void rule(String name, String namespace, String spec) {
        documents.add(
                """
                apiVersion: networking.istio.io/v1
                kind: DestinationRule
                metadata: {name: %s, namespace: %s}
                spec: {%s}
                """
                        .formatted(name, namespace, spec));
    }

    private String found(String proxyNamespace, String host, String namespace) {
        return found(proxyNamespace, host, namespace, Map.of());
    }

    private String found(String proxyNamespace, String host, String namespace, Map<String, String> labels) {
        MergedRule rule =
                rules(ProxyIdentity.of(proxyNamespace).withLabels(labels)).of(service(host, namespace));
        return rule == null ? "none" : rule.first().metadata().id();
    }

    private DestinationRules rules(ProxyIdentity identity) {
        CrdSet set = Configs.of(documents.toArray(new String[0]));
        return new DestinationRules(set, identity, new Mesh(set.mesh()));
    }

    private static Service service(String name, String namespace) {
        return new Service(
                name + "." + namespace + ".svc.cluster.local",
                new Declaration(namespace, "reviews", true, List.of(), SourceRef.NONE),
                Discovery.STATIC,
                List.of(),
                VirtualIps.NONE,
                Nearness.ANY,
                null,
                List.of());
    }
}
