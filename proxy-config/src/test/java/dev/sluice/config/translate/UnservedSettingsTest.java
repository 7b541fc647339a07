package dev.sluice.config.translate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.config.crd.mesh.MeshOverrides;
import dev.sluice.config.crd.mesh.MeshSettings;
import dev.sluice.config.crd.read.CrdSet;
import dev.sluice.config.translate.scope.ProxyIdentity;
import java.util.List;
import org.junit.jupiter.api.Test;

/** SLC0301 of MeshConfig: what Istio sets for a whole mesh or its proxies, and what is fixed here. */
class UnservedSettingsTest {
    private static List<String> told(String... settings) {
        CrdSet set = CrdSet.of(List.of(), MeshSettings.merge(List.of(), null, MeshOverrides.parse(List.of(settings))));
        return PlanCompiler.compile(set, ProxyIdentity.of("default")).notices().stream()
                .map(notice -> notice.code() + " " + notice.path())
                .toList();
    }

    @Test
    void whatChangesTrafficInIstioAndNothingHereIsTold() {
        assertEquals(
                List.of(
                        "SLC0301 inboundTrafficPolicy.mode",
                        "SLC0301 proxyHttpPort",
                        "SLC0301 defaultProviders",
                        "SLC0301 meshMTLS",
                        "SLC0301 tlsDefaults"),
                told(
                        "inboundTrafficPolicy.mode=LOCALHOST",
                        "proxyHttpPort=15080",
                        "defaultProviders.accessLogging[0]=envoy",
                        "meshMTLS.minProtocolVersion=TLSV1_3",
                        "tlsDefaults.cipherSuites[0]=ECDHE-RSA-AES128-GCM-SHA256"));
    }

    @Test
    void whatIsAskedForElsewhereIsTold() {
        assertEquals(
                List.of("SLC0301 dnsRefreshRate", "SLC0301 zoneAwareLbSetting", "SLC0301 defaultConfig.proxyAdminPort"),
                told("dnsRefreshRate=5s", "zoneAwareLbSetting.enabled=true", "defaultConfig.proxyAdminPort=15005"));
        assertEquals(List.of(), told("zoneAwareLbSetting.enabled=false", "defaultConfig.proxyAdminPort=15000"));
    }

    @Test
    void whatIsSoAnywayIsNotTold() {
        assertEquals(List.of(), told());
        assertEquals(List.of(), told("inboundTrafficPolicy.mode=PASSTHROUGH", "proxyHttpPort=0"));
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
    void whatTheProxyDoesAnywayIsNotTold() {
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
