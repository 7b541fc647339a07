package dev.sluice.config.translate.scope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.crd.Sidecar;
import dev.sluice.config.crd.Sidecar.IstioEgressListener;
import dev.sluice.config.crd.Sidecar.IstioIngressListener;
import dev.sluice.config.crd.read.CrdSet;
import dev.sluice.config.translate.Configs;
import dev.sluice.config.translate.scope.ProxyIdentity.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SidecarScopeTest {
    private final List<String> documents = new ArrayList<>();

    @Test
    void aSelectorGoesBeforeNoneBeforeTheRootNamespace() {
        sidecar("root", "istio-system", "egress: [{hosts: ['*/*']}]");
        sidecar("root-web", "istio-system", "workloadSelector: {labels: {app: web}}, egress: [{hosts: ['*/*']}]");
        assertEquals("istio-system/root", chosen(Map.of("app", "web")));
        sidecar("b-general", "prod", "egress: [{hosts: ['*/*']}]");
        sidecar("c-general", "prod", "egress: [{hosts: ['*/*']}]");
        assertEquals("prod/b-general", chosen(Map.of("app", "web")));
        sidecar("z-web", "prod", "workloadSelector: {labels: {app: web}}, egress: [{hosts: ['*/*']}]");
        assertEquals("prod/z-web", chosen(Map.of("app", "web", "version", "v1")));
        assertEquals("prod/b-general", chosen(Map.of("app", "db")));
        assertEquals("prod/b-general", chosen(Map.of()));
    }

    @Test
    void gatewaysHaveNone() {
        sidecar("general", "prod", "egress: [{hosts: ['./*']}]");
        SidecarScope scope = scope(ProxyIdentity.of("prod").withRole(Role.GATEWAY));
        assertEquals(null, scope.sidecar());
        assertTrue(scope.importsOf(80).importsService("other", "a.test"));
    }

    @Test
    void anUnknownHostIsTheSidecarsBusinessThenTheMeshs() {
        assertTrue(scope(ProxyIdentity.of("prod")).allowsAny());
        sidecar("general", "prod", "egress: [{hosts: ['./*']}]");
        assertTrue(scope(ProxyIdentity.of("prod")).allowsAny());
        documents.add("outboundTrafficPolicy: {mode: REGISTRY_ONLY}");
        assertFalse(scope(ProxyIdentity.of("prod")).allowsAny());
        sidecar("of-web", "prod", "workloadSelector: {labels: {a: b}}, outboundTrafficPolicy: {mode: ALLOW_ANY}");
        assertTrue(scope(ProxyIdentity.of("prod").withLabels(Map.of("a", "b"))).allowsAny());
        sidecar("a-web", "prod", "workloadSelector: {labels: {a: b}}, outboundTrafficPolicy: {}");
        assertFalse(scope(ProxyIdentity.of("prod").withLabels(Map.of("a", "b"))).allowsAny());
    }

    @Test
    void thePortsOwnListenerDecidesForItAndTheOneWithoutPortForTheRest() {
        sidecar(
                "general",
                "prod",
                "egress: [{port: {number: 9080, name: http, protocol: HTTP}, hosts: ['a/*']}, {hosts: ['b/*']}]");
        SidecarScope scope = scope(ProxyIdentity.of("prod"));
        assertTrue(scope.importsOf(9080).importsService("a", "x.test"));
        assertFalse(scope.importsOf(9080).importsService("b", "x.test"));
        assertTrue(scope.importsOf(80).importsService("b", "x.test"));
        assertFalse(scope.importsOf(80).importsService("a", "x.test"));
    }

    @Test
    void withoutOneForTheRestAllOfThemCount() {
        sidecar(
                "general",
                "prod",
                "egress: [{port: {number: 1, name: a, protocol: HTTP}, hosts: ['a/*']},"
                        + " {port: {number: 2, name: b, protocol: HTTP_PROXY}, hosts: ['./*']}]");
        SidecarScope scope = scope(ProxyIdentity.of("prod"));
        assertTrue(scope.importsOf(80).importsService("a", "x.test"));
        assertTrue(scope.importsOf(2).importsService("prod", "x.test"));
        assertFalse(scope.importsOf(80).importsService("c", "x.test"));
    }

    @Test
    void theOwnNamespaceIsTheProxysWhereTheSidecarIsOfTheRootNamespace() {
        sidecar("root", "istio-system", "egress: [{hosts: ['./*', 'istio-system/*', '~./secret.test']}]");
        SidecarScope scope = scope(ProxyIdentity.of("prod"));
        assertTrue(scope.importsOf(80).importsService("prod", "x.test"));
        assertTrue(scope.importsOf(80).importsService("istio-system", "x.test"));
        assertFalse(scope.importsOf(80).importsService("other", "x.test"));
        assertFalse(scope.importsOf(80).importsService("prod", "secret.test"));
    }

    @Test
    void soItIsWhereEveryListenerHasAPort() {
        sidecar("root", "istio-system", "egress: [{port: {number: 1, name: a, protocol: HTTP}, hosts: ['./*']}]");
        SidecarScope scope = scope(ProxyIdentity.of("prod"));
        assertTrue(scope.importsOf(1).importsService("prod", "x.test"));
        assertTrue(scope.importsOf(80).importsService("prod", "x.test"));
        assertFalse(scope.importsOf(80).importsService("istio-system", "x.test"));
    }

    @Test
    void redirectedConnectionsHaveWhatTheirPortsListenerLetsInOrTheOneWithoutPort() {
        assertTrue(scope(ProxyIdentity.of("prod")).importsOfRedirected(80).importsService("any", "x.test"));
        String ported = "{port: {number: 9080, name: http, protocol: HTTP}, hosts: ['a/*']}";
        sidecar("z-ports", "prod", "egress: [" + ported + "]");
        SidecarScope ports = scope(ProxyIdentity.of("prod"));
        assertTrue(ports.importsOfRedirected(9080).importsService("a", "x.test"));
        assertFalse(ports.importsOfRedirected(80).importsService("a", "x.test"));
        sidecar("general", "prod", "egress: [" + ported + ", {hosts: ['b/*']}]");
        SidecarScope both = scope(ProxyIdentity.of("prod"));
        assertTrue(both.importsOfRedirected(80).importsService("b", "x.test"));
        assertFalse(both.importsOfRedirected(9080).importsService("b", "x.test"));
        sidecar(
                "a-explicit",
                "prod",
                "egress: [{port: {number: 9080, name: http, protocol: HTTP}, captureMode: NONE, hosts: ['a/*']},"
                        + " {hosts: ['b/*']}]");
        SidecarScope explicit = scope(ProxyIdentity.of("prod"));
        assertTrue(explicit.importsOfRedirected(9080).importsService("b", "x.test"));
        assertFalse(explicit.importsOfRedirected(9080).importsService("a", "x.test"));
    }

    @Test
    void aListenerWithAnAddressIsNoneForOtherRedirectedConnections() {
        sidecar(
                "bound",
                "prod",
                "egress: [{port: {number: 80, name: a, protocol: HTTP}, bind: 10.0.0.1, hosts: ['a/*']},"
                        + " {port: {number: 81, name: b, protocol: HTTP}, bind: 0.0.0.0, hosts: ['a/*']},"
                        + " {hosts: ['b/*']}]");
        SidecarScope scope = scope(ProxyIdentity.of("prod").withIntercept(true));
        assertFalse(scope.importsOfRedirected(80).importsService("a", "x.test"));
        assertTrue(scope.importsOfRedirected(80).importsService("b", "x.test"));
        assertTrue(scope.importsOfRedirected(81).importsService("a", "x.test"));
        assertEquals(
                List.of(true, false, false),
                scope.egress().stream().map(SidecarScope.Egress::isForAnAddress).toList());
    }

    @Test
    void whereNothingIsRedirectedListenersOfAPortAreConnectedTo() {
        sidecar(
                "app",
                "prod",
                "ingress: [{port: {number: 8080, name: http, protocol: HTTP}, defaultEndpoint: '127.0.0.1:9090'}],"
                        + " egress: [{port: {number: 9080, name: http, protocol: HTTP}, hosts: ['*/*']},"
                        + " {port: {number: 81, name: http-b, protocol: HTTP}, captureMode: IPTABLES, hosts: ['*/*']},"
                        + " {hosts: ['*/*']}]");
        assertEquals("null null IPTABLES null", modes(ProxyIdentity.of("prod")));
        documents.add("defaultConfig: {interceptionMode: NONE}");
        assertEquals("NONE NONE IPTABLES null", modes(ProxyIdentity.of("prod")));
        assertEquals("null null IPTABLES null", modes(ProxyIdentity.of("prod").withIntercept(true)));
    }

    private String modes(ProxyIdentity identity) {
        Sidecar sidecar = Objects.requireNonNull(scope(identity).sidecar());
        return Stream.concat(
                        sidecar.ingress().stream().map(IstioIngressListener::captureMode),
                        sidecar.egress().stream().map(IstioEgressListener::captureMode))
                .map(String::valueOf)
                .collect(Collectors.joining(" "));
    }

    private void sidecar(String name, String namespace, String spec) {
        documents.add(
                """
                apiVersion: networking.istio.io/v1
                kind: Sidecar
                metadata: {name: %s, namespace: %s}
                spec: {%s}
                """
                        .formatted(name, namespace, spec));
    }

    private String chosen(Map<String, String> labels) {
        SidecarScope scope = scope(ProxyIdentity.of("prod").withLabels(labels));
        return scope.sidecar() == null ? "none" : scope.sidecar().metadata().id();
    }

    private SidecarScope scope(ProxyIdentity identity) {
        CrdSet set = Configs.of(documents.toArray(new String[0]));
        return SidecarScope.of(set, identity, new Mesh(set.mesh()));
    }
}
