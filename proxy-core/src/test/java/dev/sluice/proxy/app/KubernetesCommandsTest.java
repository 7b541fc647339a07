package dev.sluice.proxy.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code inject} and {@code profile} as commands: what goes where, and with which exit code. */
class KubernetesCommandsTest {
    private static final String POD =
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: b}]}\n";

    @TempDir
    private Path folder;

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    @Test
    void aFileThatIsNoTextIsNamed() throws IOException {
        Path file = Files.write(folder.resolve("latin.yaml"), new byte[] {'#', (byte) 0xE9, '\n'});
        String line = "sluice: cannot read " + file + ": it is not UTF-8\n";
        assertEquals(new Said(1, "", line), Said.by("manifest", "generate", folder.toString()));
        assertEquals(new Said(1, "", line), Said.by("inject", file.toString()));
        assertEquals(new Said(1, "", line), Said.by("profile", "dump", "-f", file.toString()));
    }

    @Test
    void anEmptyNameIsNotTheCurrentFolder() {
        assertEquals(2, Said.by("manifest", "generate", "").exit());
    }

    @Test
    void aMountedConfigMapIsReadOnce() throws IOException {
        Path version = Files.createDirectory(folder.resolve("..2026"));
        Files.writeString(version.resolve("routes.yaml"), "# routes of the shop\n");
        Files.createSymbolicLink(folder.resolve("..data"), Path.of("..2026"));
        Files.createSymbolicLink(folder.resolve("routes.yaml"), Path.of("..data/routes.yaml"));
        String out = Said.by("manifest", "generate", folder.toString()).out();
        assertEquals(out.indexOf("# routes of the shop"), out.lastIndexOf("# routes of the shop"), out);
        assertTrue(out.contains("  routes.yaml: "), out);
    }

    @Test
    void injectWritesTheManifestAndNothingElse() throws IOException {
        Said ended = Said.by("inject", file("pod.yaml", POD), "--image", "x/sluice:1", "--config-map", "shop");
        assertEquals(0, ended.exit(), ended.err());
        assertTrue(ended.out().contains("image: x/sluice:1\n"), ended.out());
        assertTrue(ended.out().contains("name: shop\n"), ended.out());
        assertEquals("", ended.err());
    }

    @Test
    void injectTakesItsSettingsFromTheProfile() throws IOException {
        Said ended = Said.by(
                "inject",
                file("pod.yaml", POD),
                "--profile",
                "demo",
                "--set",
                "values.global.proxy.excludeIPRanges=10.1.0.0/16",
                "--native-sidecar");
        assertTrue(ended.out().contains("cpu: 10m\n"), ended.out());
        assertTrue(ended.out().contains("- --exclude-ip-ranges\n    - 10.1.0.0/16\n"), ended.out());
        assertTrue(ended.out().contains("restartPolicy: Always\n"), ended.out());
    }

    @Test
    void whatIsNoWorkloadIsRefusedAndNothingIsWritten() throws IOException {
        String service = "---\napiVersion: v1\nkind: Service\nmetadata: {name: a}\n";
        Said refused = Said.by("inject", file("service.yaml", service));
        assertEquals(1, refused.exit());
        assertEquals("", refused.out());
        assertTrue(refused.err().contains("service.yaml: no workload in it"), refused.err());
        // The first document alone would do; the second is none.
        Said half = Said.by("inject", file("half.yaml", POD + "---\n[1, 2]\n"));
        assertEquals(1, half.exit());
        assertEquals("", half.out());
        assertTrue(half.err().contains("half.yaml:6:1: the document is no map"), half.err());
        assertEquals(
                1, Said.by("inject", folder.resolve("none.yaml").toString()).exit());
        assertEquals(2, Said.by("inject").exit());
    }

    @Test
    void whoIsLeftAloneIsNamedOnStandardError() throws IOException {
        String pod = POD.replace("{name: a}\n", "{name: a, annotations: {sidecar.istio.io/inject: 'false'}}\n");
        Said ended = Said.by("inject", file("pod.yaml", pod));
        assertEquals(0, ended.exit());
        assertEquals("sluice: Pod a is left alone: sidecar.istio.io/inject is false\n", ended.err());
    }

    @Test
    void profilesAreListedDumpedAndCompared() throws IOException {
        assertEquals(5, Said.by("profile", "list").out().lines().count());
        String operator =
                file("o.yaml", "apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec: {tag: '7'}\n");
        Said dumped = Said.by("profile", "dump", "demo", "-f", operator, "--set", "hub=example.com");
        assertTrue(dumped.out().contains("  profile: demo\n  hub: example.com\n  tag: '7'\n"), dumped.out());
        assertEquals(
                "- tag: dev\n+ tag: 7\n",
                Said.by("profile", "diff", "-f", operator).out());
        Said between = Said.by("profile", "diff", "default", "minimal");
        assertEquals(0, between.exit());
        assertEquals(4, between.out().lines().count(), between.out());
        assertEquals(2, Said.by("profile", "diff", "default").exit());
        assertEquals(2, Said.by("profile").exit());
        assertEquals(1, Said.by("profile", "dump", "large").exit());
    }

    @Test
    void aSettingWithoutAPathOrAValueIsAMistakeOfTheCommandLine() throws IOException {
        String manifest = file("app.yaml", "kind: Pod\n");
        for (String setting : List.of("hub", "=example.com")) {
            Said misused = new Said(2, "", "sluice: --set takes path=value, not '" + setting + "'\n");
            assertEquals(misused, Said.by("profile", "dump", "--set", setting));
            assertEquals(misused, Said.by("profile", "diff", "default", "demo", "--set", setting));
            assertEquals(misused, Said.by("manifest", "generate", "--set", setting));
            assertEquals(misused, Said.by("inject", manifest, "--set", setting));
        }
    }
}
