package dev.sluice.proxy.kubernetes.profile;

import dev.sluice.proxy.kubernetes.yaml.ManifestException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The built-in installation profiles, named as istioctl's: each is what it changes of {@code default}. */
public final class Profiles {
    /** The one that everything begins with. */
    public static final String DEFAULT = "default";

    /** An overlay: a file's name, for messages, and its text. */
    public record Overlay(String name, String text) {}

    private static final Map<String, String> PURPOSE = Map.of(
            DEFAULT,
            "an ingress gateway, and sidecars with Istio's resources",
            "demo",
            "ingress and egress gateway, small, access log on",
            "minimal",
            "sidecars only, no gateway",
            "empty",
            "nothing: a base for settings of one's own",
            "remote",
            "no gateway, and no ConfigMap: what proxies mount is written elsewhere");

    private static final List<String> NAMES = List.of(DEFAULT, "demo", "empty", "minimal", "remote");

    private Profiles() {}

    /** All names, sorted. */
    public static List<String> names() {
        return NAMES;
    }

    /** What a profile is for, in a few words. */
    public static String purpose(String name) {
        return PURPOSE.getOrDefault(name, "");
    }

    /**
     * A profile with overlays and settings on top, the later over the earlier.
     *
     * @param name null: what the last overlay's {@code profile} says, else {@code default}
     * @param settings each one {@linkplain #isSetting is a setting}
     */
    public static ProfileTree load(@Nullable String name, List<Overlay> overlays, List<String> settings)
            throws ManifestException {
        String wanted = name;
        for (Overlay overlay : overlays) {
            Object own = Overlays.spec(overlay.name(), overlay.text()).get("profile");
            if (name == null && own != null && !own.toString().isEmpty()) {
                wanted = own.toString();
            }
        }
        ProfileTree tree = builtIn(wanted == null ? DEFAULT : wanted);
        for (Overlay overlay : overlays) {
            tree = tree.with(Overlays.spec(overlay.name(), overlay.text()));
        }
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            tree = tree.set(setting.substring(0, equals), setting.substring(equals + 1));
        }
        return tree;
    }

    /** Whether {@code written} is {@code path=value}, whatever the two are. */
    public static boolean isSetting(String written) {
        return written.indexOf('=') > 0;
    }

    private static ProfileTree builtIn(String name) throws ManifestException {
        if (!NAMES.contains(name)) {
            throw new ManifestException("there is no profile '" + name + "', only " + String.join(", ", NAMES));
        }
        ProfileTree base = new ProfileTree(Overlays.spec(DEFAULT, resource(DEFAULT)));
        return name.equals(DEFAULT) ? base : base.with(Overlays.spec(name, resource(name)));
    }

    private static String resource(String name) {
        try (InputStream file = Profiles.class.getResourceAsStream(name + ".yaml")) {
            if (file == null) {
                throw new IllegalStateException("the jar has no profile " + name);
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
