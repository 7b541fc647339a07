package dev.sluice.config.crd.read;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.sluice.config.crd.Gateway;
import dev.sluice.config.crd.VirtualService;
import dev.sluice.config.crd.mesh.MeshOverrides;
import dev.sluice.config.crd.mesh.MeshSettings;
import dev.sluice.config.crd.schema.CrdObject;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CrdSetTest {
    private final CrdSet set = of("b/x", "a/y", "a/x", "c/w");

    @Test
    void objectsAreInTheOrderOfNameThenNamespace() {
        assertEquals(List.of("c/w", "a/x", "b/x", "a/y"), ids(set.virtualServices()));
        assertEquals(List.of("a/x", "a/y"), ids(set.in(VirtualService.class, "a")));
        assertEquals(4, set.size());
    }

    @Test
    void anObjectIsFoundByItsKindNamespaceAndName() {
        VirtualService found = set.find(VirtualService.class, "b", "x");
        assertEquals("b/x", found == null ? null : found.metadata().id());
        assertNull(set.find(VirtualService.class, "b", "y"));
        assertNull(set.find(Gateway.class, "b", "x"));
        assertEquals(List.of(), set.gateways());
    }

    private static List<String> ids(List<VirtualService> services) {
        return services.stream().map(service -> service.metadata().id()).toList();
    }

    private static CrdSet of(String... ids) {
        StringBuilder text = new StringBuilder();
        for (String id : ids) {
            String[] parts = id.split("/", -1);
            text.append("---\n{apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {namespace: ")
                    .append("%s, name: '%s'}, spec: {hosts: [a]}}%n".formatted(parts[0], parts[1]));
        }
        List<CrdObject> objects = new CrdReader(Set.of())
                .read("f.yaml", text.toString().getBytes(UTF_8)).objects().stream()
                        .map(ReadObject::object)
                        .toList();
        return CrdSet.of(objects, MeshSettings.merge(List.of(), null, MeshOverrides.NONE));
    }
}
