package dev.sluice.config.translate.scope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.sluice.config.crd.read.CrdSet;
import dev.sluice.config.plan.HiddenServicesPlan;
import dev.sluice.config.plan.HiddenServicesPlan.HiddenService;
import dev.sluice.config.plan.HiddenServicesPlan.ObjectRef;
import dev.sluice.config.plan.SourceRef;
import dev.sluice.config.translate.Configs;
import dev.sluice.config.translate.PlanCompiler;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HiddenServicesTest {
    private static final String OWN_ONLY =
            """
            apiVersion: networking.istio.io/v1
            kind: Sidecar
            metadata: {name: narrow, namespace: shop}
            spec: {egress: [{hosts: ["./*"]}]}
            """;

    private final List<String> documents = new ArrayList<>();

    @Test
    void nothingIsHiddenWhereEverythingIsExportedAndNoSidecarHolds() {
        entry("pay", "[a.test]", "");
        assertEquals(HiddenServicesPlan.NONE, seenFrom("shop"));
    }

    @Test
    void whatNoEgressListenerLetsInIsHiddenByTheSidecarInForce() {
        entry("pay", "[a.test]", "addresses: [10.96.0.7],");
        entry("shop", "[b.test]", "");
        documents.add(OWN_ONLY);
        ObjectRef declared = new ObjectRef("ServiceEntry", "pay", "entry", SourceRef.NONE);
        ObjectRef sidecar = new ObjectRef("Sidecar", "shop", "narrow", SourceRef.NONE);
        assertEquals(
                List.of(new HiddenService("a.test", List.of("10.96.0.7"), declared, sidecar, List.of())),
                seenFrom("shop").services());
        assertEquals(HiddenServicesPlan.NONE, seenFrom("elsewhere"));
    }

    @Test
    void whatOneEgressListenerLetsInIsNotHidden() {
        entry("pay", "[a.test]", "");
        documents.add(OWN_ONLY.replace(
                "[{hosts: [\"./*\"]}]",
                "[{port: {number: 80, name: http, protocol: HTTP}, hosts: [\"pay/*\"]}," + " {hosts: [\"./*\"]}]"));
        assertEquals(HiddenServicesPlan.NONE, seenFrom("shop"));
    }

    @Test
    void whatIsNotExportedIsHiddenByThatWhateverTheSidecarSays() {
        entry("pay", "[a.test]", "exportTo: ['.'],");
        documents.add(OWN_ONLY);
        HiddenService hidden = seenFrom("shop").services().get(0);
        assertNull(hidden.sidecar());
        assertEquals(List.of("."), hidden.exportTo());
    }

    @Test
    void theDefaultOfTheMeshHidesWhereTheServiceSaysNothing() {
        documents.add("defaultServiceExportTo: ['.']");
        entry("pay", "[a.test]", "");
        assertEquals(List.of(), seenFrom("shop").services().get(0).exportTo());
        assertEquals(HiddenServicesPlan.NONE, seenFrom("pay"));
    }

    @Test
    void aHostIsNotHiddenWhileOneOfItsServicesIsSeen() {
        entry("first", "[a.test]", "exportTo: ['.'],");
        entry("second", "[a.test]", "");
        assertEquals(HiddenServicesPlan.NONE, seenFrom("shop"));
    }

    @Test
    void aKubernetesServiceIsNamedAsSuchWithTheEndingsThatItsShortNamesLack() {
        documents.add(
                """
                apiVersion: v1
                kind: Service
                metadata: {name: pay, namespace: bank, annotations: {networking.istio.io/exportTo: bank}}
                spec: {ports: [{port: 80, name: http}]}
                """);
        HiddenServicesPlan hidden = seenFrom("shop");
        assertEquals(
                new ObjectRef("Service", "bank", "pay", SourceRef.NONE),
                hidden.services().get(0).declaredBy());
        assertEquals(List.of(".shop.svc.cluster.local", ".svc.cluster.local", ".cluster.local"), hidden.search());
    }

    private void entry(String namespace, String hosts, String more) {
        documents.add(
                """
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: entry, namespace: %s}
                spec: {%s hosts: %s, resolution: DNS, ports: [{number: 80, name: http, protocol: HTTP}]}
                """
                        .formatted(namespace, more, hosts));
    }

    private HiddenServicesPlan seenFrom(String namespace) {
        CrdSet set = Configs.of(documents.toArray(new String[0]));
        return PlanCompiler.compile(set, ProxyIdentity.of(namespace)).plan().hidden();
    }
}
