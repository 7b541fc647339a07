package dev.sluice.config.source;

/** By their names: which files and folders within a folder are configuration. */
public final class ConfigNames {
    private ConfigNames() {}

    /**
     * Whether a file or folder is passed over. A mounted ConfigMap has such folders, {@code ..data} and {@code
     * ..2026_01_31_…}, which hold the same files as the links beside them.
     */
    public static boolean isHidden(String name) {
        return name.startsWith(".");
    }

    /** Whether a file of this name, which is not hidden, is configuration. */
    public static boolean isYaml(String name) {
        return (name.endsWith(".yaml") || name.endsWith(".yml")) && !isRouteTest(name);
    }

    /** Expectations about a configuration, not configuration. */
    static boolean isRouteTest(String name) {
        return name.endsWith(".routetest.yaml") || name.endsWith(".routetest.yml");
    }
}
