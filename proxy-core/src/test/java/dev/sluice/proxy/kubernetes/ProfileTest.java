package dev.sluice.proxy.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.kubernetes.profile.ProfileDiff;
import dev.sluice.proxy.kubernetes.profile.ProfileTree;
import dev.sluice.proxy.kubernetes.profile.Profiles;
import dev.sluice.proxy.kubernetes.profile.ProxyValues;
import dev.sluice.proxy.kubernetes.yaml.ManifestException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Installation profiles: the built-in ones, and what is laid over them. */
class ProfileTest {
    private static ProfileTree load(String... settings) throws ManifestException {
        return Profiles.load(null, List.of(), List.of(settings));
    }

    private static ProfileTree over(String spec) throws ManifestException {
        String document = "apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec: " + spec + "\n";
        return Profiles.load(null, List.of(new Profiles.Overlay("operator.yaml", document)), List.of());
    }

    @Test
    void eachProfileDumpsAsAnOverlayOfItself() throws ManifestException {
        for (String name : Profiles.names()) {
            ProfileTree tree = Profiles.load(name, List.of(), List.of());
            assertEquals(name, tree.text("", "profile"));
            assertFalse(Profiles.purpose(name).isEmpty());
            ProfileTree again = Profiles.load(null, List.of(new Profiles.Overlay("dump", tree.dump())), List.of());
            assertEquals(List.of(), ProfileDiff.lines(tree, again));
        }
    }

    @Test
    void theProxysSettingsAreIstiosDefaults() throws ManifestException {
        ProxyValues values = new ProxyValues(load());
        assertEquals(
                Map.of(
                        "requests",
                        Map.of("cpu", "100m", "memory", "128Mi"),
                        "limits",
                        Map.of("cpu", "2000m", "memory", "1024Mi")),
                values.resources());
        assertEquals(
                Map.of("cpu", "10m", "memory", "10Mi"), values.initResources().get("requests"));
        assertEquals(15020, values.statusPort());
        assertEquals("*", values.text("includeIPRanges"));
    }

    /** A file as istioctl dumps it, with everything that concerns a control plane. */
    @Test
    void istiosOwnFileYieldsItsProxySettings() throws IOException, ManifestException {
        String name = "/kubernetes/istio-operator-default-profile.yaml";
        String text;
        try (InputStream file = ProfileTest.class.getResourceAsStream(name)) {
            assertTrue(file != null, name + " is missing");
            text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
        ProfileTree tree = Profiles.load(null, List.of(new Profiles.Overlay(name, text)), List.of());
        ProxyValues values = new ProxyValues(tree);
        assertEquals(
                Map.of(
                        "requests",
                        Map.of("cpu", "100m", "memory", "128Mi"),
                        "limits",
                        Map.of("cpu", "2000m", "memory", "1024Mi")),
                values.resources());
        assertEquals(15020, values.statusPort());
        assertEquals(30, values.number("readinessFailureThreshold", 0));
        assertEquals(2, values.number("readinessPeriodSeconds", 0));
        assertTrue(values.prometheusMerge());
        assertEquals("sluice:dev", values.image());
        assertTrue(tree.dump().contains("jwtPolicy: third-party-jwt"), "what is not ours is kept");
    }

    /** Hub and tag of Istio's file name images of another proxy. */
    @Test
    void istiosImageIsNotTakenForOurs() throws ManifestException {
        ProxyValues istios = new ProxyValues(
                over("{hub: docker.io/istio, tag: 1.17.1, values: {global: {proxy: {image: proxyv2}}}}"));
        assertEquals("sluice:dev", istios.image());
        ProxyValues ours = new ProxyValues(over("{hub: example.com/mesh, tag: '7'}"));
        assertEquals("example.com/mesh/sluice:7", ours.image());
        assertEquals("example.com/mesh/sluice-init:7", ours.initImage());
        assertEquals("a/b:1", new ProxyValues(load("values.global.proxy.image=a/b:1")).image());
    }

    @Test
    void overlaysMergeMapsByKeyAndGatewaysByName() throws ManifestException {
        ProfileTree tree = over("{components: {ingressGateways: [{name: edge, enabled: true}, "
                + "{name: istio-ingressgateway, namespace: edge}]}, values: {global: {proxy: {statusPort: 1}}}}");
        assertEquals("1", tree.text("", "values", "global", "proxy", "statusPort"));
        assertEquals("*", tree.text("", "values", "global", "proxy", "includeIPRanges"));
        assertEquals(
                List.of(
                        Map.of("name", "istio-ingressgateway", "enabled", true, "namespace", "edge"),
                        Map.of("name", "edge", "enabled", true)),
                tree.get("components", "ingressGateways"));
    }

    @Test
    void theFilesOwnProfileIsTheBaseUnlessAnotherIsAskedFor() throws ManifestException {
        assertTrue(over("{profile: demo}").dump().contains("accessLogFile: /dev/stdout"));
        Profiles.Overlay demo = new Profiles.Overlay(
                "o.yaml", "{apiVersion: install.istio.io/v1alpha1, kind: IstioOperator, spec: {profile: demo}}");
        assertFalse(Profiles.load("minimal", List.of(demo), List.of()).dump().contains("accessLogFile"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "values.global.proxy.resources.requests.cpu=1 | values.global.proxy.resources.requests.cpu: 1",
                "components.ingressGateways[0].enabled=false | components.ingressGateways[name:istio-ingressgateway].enabled: false",
                "components.ingressGateways[name:istio-ingressgateway].namespace=x | components.ingressGateways[name:istio-ingressgateway].namespace: x",
                "components.ingressGateways[1].name=two | components.ingressGateways[name:two].name: two",
                "a.b\\.c.d=[1, 2] | a.b.c.d[1]: 2"
            })
    void settingsNameAPath(String setting, String line) throws ManifestException {
        List<String> lines = ProfileDiff.lines(load(), load(setting));
        assertTrue(lines.contains("+ " + line), lines.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[0].a=1",
                "profile.x=1",
                "components.ingressGateways[7].name=x",
                "components.ingressGateways[name:none].enabled=x",
                "components.ingressGateways[first].enabled=x",
                "components.ingressGateways[0.enabled=x",
                "a={"
            })
    void aSettingThatMakesNoSenseIsRefused(String setting) {
        assertThrows(ManifestException.class, () -> load(setting));
    }

    @ParameterizedTest
    @ValueSource(strings = {"kind: Deployment", "[1]", "a: b: c"})
    void whatIsNoOperatorIsRefused(String text) {
        ManifestException refused = assertThrows(
                ManifestException.class,
                () -> Profiles.load(null, List.of(new Profiles.Overlay("o.yaml", text)), List.of()));
        assertTrue(refused.getMessage().startsWith("o.yaml"), refused.getMessage());
        assertThrows(ManifestException.class, () -> Profiles.load("large", List.of(), List.of()));
    }
}
