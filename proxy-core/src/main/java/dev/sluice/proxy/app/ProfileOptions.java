package dev.sluice.proxy.app;

import dev.sluice.config.crd.read.CrdReader;
import dev.sluice.config.validate.Finding;
import dev.sluice.proxy.app.options.ExitCodes;
import dev.sluice.proxy.app.options.UserError;
import dev.sluice.proxy.kubernetes.ConfigFiles;
import dev.sluice.proxy.kubernetes.profile.ProfileTree;
import dev.sluice.proxy.kubernetes.profile.Profiles;
import dev.sluice.proxy.kubernetes.yaml.ManifestException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** An installation profile, what lies over it, and single settings. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ProfileOptions {
    @Option(
            names = "--profile",
            paramLabel = "PROFILE",
            description = "default, demo, minimal, empty or remote (default: the files' own, else default).")
    private @Nullable String profile;

    @Option(
            names = {"-f", "--filename"},
            paramLabel = "OPERATOR.yaml",
            description = "An IstioOperator laid over the profile; repeatable, the later over the earlier.")
    private List<Path> files = List.of();

    @Option(
            names = "--set",
            paramLabel = "path=value",
            description = "A setting below spec, as values.global.proxy.statusPort=15020; repeatable, wins over files.")
    private List<String> settings = List.of();

    /** The profile, with the given name where {@code --profile} says none. */
    ProfileTree load(@Nullable String name) throws UserError, ManifestException {
        for (String setting : settings) {
            if (!Profiles.isSetting(setting)) {
                throw new UserError(ExitCodes.USAGE, "--set takes path=value, not '" + setting + "'");
            }
        }
        List<Profiles.Overlay> overlays = new ArrayList<>();
        for (Path file : files) {
            overlays.add(new Profiles.Overlay(file.toString(), read(file)));
        }
        ProfileTree tree = Profiles.load(name == null ? profile : name, overlays, settings);
        if (changes()) {
            refuseWhatCheckRefuses(tree);
        }
        return tree;
    }

    /** A key that was misspelt would come into no manifest, and nobody would know. */
    private static void refuseWhatCheckRefuses(ProfileTree tree) throws ManifestException {
        byte[] document = tree.dump().getBytes(StandardCharsets.UTF_8);
        List<String> refused = new ArrayList<>();
        for (Finding finding : new CrdReader(Set.of()).read("", document).findings()) {
            if (finding.blocking()) {
                refused.add(finding.message());
            }
        }
        if (!refused.isEmpty()) {
            throw new ManifestException("not an installation's setting: " + String.join("; ", refused));
        }
    }

    /** Whether files or settings change the profile. */
    boolean changes() {
        return !files.isEmpty() || !settings.isEmpty();
    }

    static String read(Path file) throws UserError {
        try {
            return ConfigFiles.text(file);
        } catch (IOException e) {
            throw new UserError(ExitCodes.REFUSED, "cannot read " + e.getMessage());
        }
    }
}
