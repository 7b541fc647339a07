package dev.sluice.proxy.app.options;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What every command that reads a configuration takes: the files, and who this proxy is. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class IdentityOptions {
    private static final String NAMESPACE = "default";

    @Parameters(paramLabel = "CONFIG", arity = "1..*", description = "Files or folders (*.yaml, *.yml, recursively).")
    List<String> config;

    @Option(
            names = "--namespace",
            paramLabel = "NS",
            defaultValue = NAMESPACE,
            description = "This workload's namespace (default: ${DEFAULT-VALUE}).")
    String namespace = NAMESPACE;

    @Option(
            names = "--label",
            paramLabel = "k=v",
            description = "A label of this workload; with none given every Gateway selector matches.")
    @Nullable
    List<String> labels;

    @Option(
            names = "--service-account",
            paramLabel = "SA",
            defaultValue = "",
            description = "This workload's service account.")
    String serviceAccount = "";

    @Option(
            names = "--locality",
            paramLabel = "REGION/ZONE/SUBZONE",
            defaultValue = "",
            description = "Where this workload runs; by default as its labels say (istio-locality, topology.*).")
    String locality = "";

    @Option(names = "--set", paramLabel = "path=value", description = "Sets a MeshConfig field; wins over mesh.yaml.")
    @Nullable
    List<String> set;

    @Option(
            names = "--ignore-kind",
            paramLabel = "KIND",
            description = "Passes over a kind that would refuse the configuration (SLC0201).")
    @Nullable
    List<String> ignoreKinds;

    /** Files and folders, and what else stands where they do. */
    public List<String> config() {
        return config;
    }

    /** The workload's namespace. */
    public String namespace() {
        return namespace;
    }

    /** The workload's service account; null when nothing was given. */
    public @Nullable String serviceAccount() {
        return RunOptions.given(serviceAccount);
    }

    /** Labels as given; the environment's are separated by commas. */
    public Map<String, String> labels() throws UserError {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String item : Environment.orElse(labels, "--label")) {
            int equals = item.indexOf('=');
            if (equals <= 0) {
                throw new UserError(ExitCodes.USAGE, "--label takes k=v, not '" + item + "'");
            }
            pairs.put(item.substring(0, equals), item.substring(equals + 1));
        }
        return pairs;
    }

    /** Where the workload runs; empty when nothing was given. */
    public String locality() throws UserError {
        String[] parts = locality.split("/", -1);
        boolean wrong = parts.length > 3 || locality.indexOf('*') >= 0;
        for (String part : parts) {
            wrong |= part.isEmpty();
        }
        if (wrong && !locality.isEmpty()) {
            throw new UserError(ExitCodes.USAGE, "--locality takes REGION/ZONE/SUBZONE, not '" + locality + "'");
        }
        return locality;
    }

    /** Fields of MeshConfig, as {@code path=value}. */
    public List<String> overrides() {
        return Environment.orElse(set, "--set");
    }

    /** Kinds that refuse nothing. */
    public Set<String> ignoredKinds() {
        return Set.copyOf(Environment.orElse(ignoreKinds, "--ignore-kind"));
    }
}
