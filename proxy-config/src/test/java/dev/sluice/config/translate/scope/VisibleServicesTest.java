package dev.sluice.config.translate.scope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.sluice.config.crd.read.CrdSet;
import dev.sluice.config.translate.Configs;
import dev.sluice.config.translate.notice.Notices;
import dev.sluice.config.translate.registry.Service;
import dev.sluice.config.translate.registry.ServiceRegistry;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VisibleServicesTest {
    private final List<String> documents = new ArrayList<>();

    @Test
    void ofOneHostInManyNamespacesTheProxysOwnIsTaken() {
        entry("a", "first", "");
        entry("z", "own", "");
        assertEquals("own", namespaceSeenFrom("own"));
        assertEquals("first", namespaceSeenFrom("elsewhere"));
    }

    @Test
    void whatTheSidecarLetsInGoesBeforeTheProxysOwn() {
        entry("a", "first", "");
        entry("z", "own", "");
        documents.add(
                """
                apiVersion: networking.istio.io/v1
                kind: Sidecar
                metadata: {name: default, namespace: own}
                spec: {egress: [{hosts: ["first/*"]}]}
                """);
        assertEquals("first", namespaceSeenFrom("own"));
    }

    @Test
    void whatIsNotExportedDoesNotExist() {
        entry("a", "first", "exportTo: ['.'],");
        assertNull(namespaceSeenFrom("own"));
        entry("b", "second", "");
        assertEquals("second", namespaceSeenFrom("own"));
    }

    private void entry(String name, String namespace, String more) {
        documents.add(
                """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: %s, namespace: %s}
                spec: {%s hosts: [same.test], resolution: DNS, ports: [{number: 80, name: http, protocol: HTTP}]}
                """
                        .formatted(name, namespace, more));
    }

    private String namespaceSeenFrom(String namespace) {
        CrdSet set = Configs.of(documents.toArray(new String[0]));
        ProxyIdentity identity = ProxyIdentity.of(namespace);
        Mesh mesh = new Mesh(set.mesh());
        VisibleServices services = new VisibleServices(
                ServiceRegistry.of(set, "cluster.local", new Notices()),
                identity,
                mesh,
                SidecarScope.of(set, identity, mesh));
        Service found = services.get("same.test");
        if (found == null) {
            assertEquals(0, services.all().size());
            return null;
        }
        assertNotNull(found.port(80));
        return found.namespace();
    }
}
