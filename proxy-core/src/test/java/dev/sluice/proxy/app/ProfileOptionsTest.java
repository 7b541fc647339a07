package dev.sluice.proxy.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sluice.proxy.kubernetes.profile.ProfileTree;
import dev.sluice.proxy.kubernetes.profile.Profiles;
import dev.sluice.proxy.kubernetes.yaml.ManifestException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What is laid over an installation profile on the command line. */
class ProfileOptionsTest {
    private static ProfileTree load(String... args) throws Exception {
        return CommandLine.populateCommand(new ProfileOptions(), args).load(null);
    }

    private static String refused(String... args) {
        return String.valueOf(
                assertThrows(ManifestException.class, () -> load(args)).getMessage());
    }

    @Test
    void aSettingThatThereIsNotIsRefusedByName() {
        assertEquals(
                "not an installation's setting: spec.mehsConfig: unknown field; did you mean \"meshConfig\"?",
                refused("--set", "mehsConfig.accessLogFile=/dev/stdout"));
        assertEquals(
                "not an installation's setting: spec.meshConfig.accesLogFile: unknown field; did you mean \"accessLogFile\"?",
                refused("--set", "meshConfig.accesLogFile=/dev/stdout"));
    }

    @Test
    void soIsOneOfAFile(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("operator.yaml");
        Files.writeString(
                file,
                """
                apiVersion: install.istio.io/v1alpha1
                kind: IstioOperator
                spec:
                  profiel: demo
                """);
        assertEquals(
                "not an installation's setting: spec.profiel: unknown field; did you mean \"profile\"?",
                refused("-f", file.toString()));
    }

    static List<String> profiles() {
        return Profiles.names();
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void everyProfileTakesASetting(String profile) throws Exception {
        ProfileTree tree = load("--profile", profile, "--set", "meshConfig.accessLogFile=/dev/stdout");
        assertEquals("/dev/stdout", tree.text("", "meshConfig", "accessLogFile"));
    }
}
