package dev.sluice.config.translate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.config.crd.mesh.MeshOverrides;
import dev.sluice.config.crd.mesh.MeshSettings;
import dev.sluice.config.crd.read.CrdSet;
import dev.sluice.config.translate.scope.ProxyIdentity;
import java.util.List;
import org.junit.jupiter.api.Test;

/** SLC0301 of MeshConfig: settings that are fixed here. */
class FixedSettingsTest {
    private static List<String> told(String... settings) {
        CrdSet set = CrdSet.of(List.of(), MeshSettings.merge(List.of(), null, MeshOverrides.parse(List.of(settings))));
        return PlanCompiler.compile(set, ProxyIdentity.of("default")).notices().stream()
                .map(notice -> notice.code() + " " + notice.path())
                .toList();
    }

    @Test
    void otherHeadersThanThoseOfTheProxyAreNotServed() {
        assertEquals(
                List.of("SLC0301 defaultConfig.proxyHeaders.server", "SLC0301 defaultConfig.proxyHeaders.requestId"),
                told(
                        "defaultConfig.proxyHeaders.server.disabled=true",
                        "defaultConfig.proxyHeaders.requestId.disabled=true"));
    }

    @Test
    void whatIsSoAnywayIsNotTold() {
        assertEquals(
                List.of(),
                told(
                        "defaultConfig.proxyHeaders.preserveHttp1HeaderCase=true",
                        "defaultConfig.proxyHeaders.metadataExchangeHeaders.mode=IN_MESH"));
    }

    @Test
    void settingsOfClientConnectionsAreNotServed() {
        assertEquals(
                List.of("SLC0301 defaultConfig.connectionSettings.profile"),
                told("defaultConfig.connectionSettings.profile=EDGE"));
    }
}
