package dev.sluice.config.crd.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.crd.mesh.MeshConfig.OutboundTrafficPolicy.Mode;
import dev.sluice.config.crd.schema.Binder;
import dev.sluice.config.crd.schema.Dialect;
import dev.sluice.config.crd.schema.Metadata;
import dev.sluice.config.crd.tree.MapNode;
import dev.sluice.config.crd.tree.YamlReader;
import dev.sluice.config.validate.Finding;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MeshSettingsTest {
    @Test
    void setWinsOverTheFileAndTheFileOverTheOperator() {
        MeshConfig mesh = MeshSettings.merge(
                List.of(operator("{accessLogFile: a, accessLogFormat: a, trustDomain: a}")),
                file("{accessLogFile: b, access_log_format: b}"),
                MeshOverrides.parse(List.of("accessLogFile=c")));
        assertEquals("c b a", mesh.accessLogFile() + " " + mesh.accessLogFormat() + " " + mesh.trustDomain());
    }

    @Test
    void ofTwoOperatorsTheLaterWins() {
        MeshConfig mesh = MeshSettings.merge(
                List.of(operator("{trustDomain: a, rootNamespace: a}"), operator("{trustDomain: b}")),
                null,
                MeshOverrides.NONE);
        assertEquals("b a", mesh.trustDomain() + " " + mesh.rootNamespace());
    }

    @Test
    void objectsAreMergedKeyByKeyAndListsReplaced() {
        MeshConfig mesh = MeshSettings.merge(
                List.of(operator("{defaultConfig: {statusPort: 1, proxyMetadata: {a_b: x, c: w}}, "
                        + "trustDomainAliases: [a, b]}")),
                file("{default_config: {status_port: 2, proxy_metadata: {c: z}}, trustDomainAliases: [c]}"),
                MeshOverrides.NONE);
        assertEquals(2, mesh.defaultConfig().statusPort());
        assertEquals(Map.of("a_b", "x", "c", "z"), mesh.defaultConfig().proxyMetadata());
        assertEquals(List.of("c"), mesh.trustDomainAliases());
    }

    @Test
    void nothingGivenIsAnEmptyMeshConfig() {
        MeshConfig mesh = MeshSettings.merge(List.of(), null, MeshOverrides.NONE);
        assertNull(mesh.outboundTrafficPolicy());
        assertEquals(0, mesh.at().size());
    }

    @Test
    void overridesNeedNoQuotesAndTakeThePrefixOfIstioctl() {
        MeshConfig mesh = MeshSettings.merge(
                List.of(),
                null,
                MeshOverrides.parse(List.of(
                        "meshConfig.outboundTrafficPolicy.mode=REGISTRY_ONLY",
                        "proxyListenPort=15101",
                        "rootNamespace=7",
                        "accessLogFormat=a=b",
                        "defaultServiceExportTo={., istio-system}",
                        "defaultConfig.proxyMetadata.MY\\.KEY=true",
                        "proxyListenPort=15102")));
        assertEquals(Mode.REGISTRY_ONLY, mesh.outboundTrafficPolicy().mode());
        assertEquals(15102, mesh.proxyListenPort());
        assertEquals("7", mesh.rootNamespace());
        assertEquals("a=b", mesh.accessLogFormat());
        assertEquals(List.of(".", "istio-system"), mesh.defaultServiceExportTo());
        assertEquals(Map.of("MY.KEY", "true"), mesh.defaultConfig().proxyMetadata());
    }

    @Test
    void itemsOfListsAreSetOneByOneAndTakeThePlaceOfTheFiles() {
        MeshOverrides overrides = MeshOverrides.parse(List.of(
                "trustDomainAliases[0]=a",
                "meshConfig.trustDomainAliases[1]=b",
                "localityLbSetting.distribute[0].from=us/a/*",
                "localityLbSetting.distribute[0].to.us/a/*=80",
                "localityLbSetting.distribute[0].to.us/b\\.1/*=20",
                "trustDomainAliases[0]=c"));
        assertEquals(List.of(), overrides.findings());
        MeshConfig mesh = MeshSettings.merge(List.of(), file("{trustDomainAliases: [p, q, r]}"), overrides);
        assertEquals(List.of("c", "b"), mesh.trustDomainAliases());
        var distribute = mesh.localityLbSetting().distribute().get(0);
        assertEquals("us/a/*", distribute.from());
        assertEquals(Map.of("us/a/*", 80L, "us/b.1/*", 20L), distribute.to());
    }

    @Test
    void aFormatOfJsonIsNoList() {
        String format = "{\"a\": \"%PROTOCOL%\", \"b\": \"x\"}";
        MeshConfig mesh =
                MeshSettings.merge(List.of(), null, MeshOverrides.parse(List.of("accessLogFormat=" + format)));
        assertEquals(format, mesh.accessLogFormat());
    }

    @Test
    void aWrongOverrideIsABlockingFindingThatCountsTheOptions() {
        MeshOverrides overrides = MeshOverrides.parse(List.of(
                "accessLogFile=x",
                "acessLogFile=x",
                "proxyListenPort=no",
                "nonsense",
                "a..b=1",
                "trustDomainAliases[1]=x",
                "trustDomainAliases[x]=x",
                "a.=1",
                "trustDomain[0]=x"));
        assertEquals(
                List.of(
                        "--set:2:1: error IST0106 acessLogFile: unknown field; did you mean \"accessLogFile\"?",
                        "--set:3:1: error IST0106 proxyListenPort: must be a whole number, not the boolean false",
                        "--set:4:1: error IST0106 --set needs path=value, not \"nonsense\"",
                        "--set:5:1: error IST0106 --set needs path=value, not \"a..b=1\"",
                        "--set:6:1: error IST0106 --set gives the items of a list from [0] on, not first"
                                + " \"trustDomainAliases[1]=x\"",
                        "--set:7:1: error IST0106 --set needs path=value, not \"trustDomainAliases[x]=x\"",
                        "--set:8:1: error IST0106 --set needs path=value, not \"a.=1\"",
                        "--set:9:1: error IST0106 trustDomain: must be a string, not a list"),
                overrides.findings().stream().map(Finding::text).toList());
        assertTrue(overrides.findings().stream().allMatch(Finding::blocking));
    }

    @Test
    void anEmptyOverrideIsAnEmptyTextAndNullTakesAFieldAway() {
        MeshConfig mesh = MeshSettings.merge(
                List.of(),
                file("{accessLogFile: a, trustDomain: a, proxyListenPort: 1}"),
                MeshOverrides.parse(List.of("accessLogFile=", "trustDomain=null", "proxyListenPort=")));
        assertEquals("", mesh.accessLogFile());
        assertNull(mesh.trustDomain());
        assertNull(mesh.proxyListenPort());
    }

    private static MeshFile file(String text) {
        MapNode at = tree(text);
        Metadata nobody = new Metadata(at, "", "", Map.of(), Map.of());
        return new MeshFile(at, nobody, bind(at));
    }

    private static IstioOperator operator(String meshConfig) {
        MapNode at = tree(meshConfig);
        Metadata nobody = new Metadata(at, "", "default", Map.of(), Map.of());
        return new IstioOperator(at, nobody, null, null, null, null, null, bind(at), null, null);
    }

    private static MeshConfig bind(MapNode at) {
        return new Binder(Dialect.PROTO, (where, path, message) -> {
                    throw new AssertionError(where + " " + path + " " + message);
                })
                .bind(MeshConfig.class, at);
    }

    private static MapNode tree(String text) {
        return (MapNode) YamlReader.read("f.yaml", text.getBytes(StandardCharsets.UTF_8))
                .documents()
                .get(0)
                .root();
    }
}
