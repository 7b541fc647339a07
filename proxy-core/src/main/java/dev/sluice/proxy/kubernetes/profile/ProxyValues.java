package dev.sluice.proxy.kubernetes.profile;

import dev.sluice.proxy.kubernetes.yaml.ManifestException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a profile says about proxies: {@code values.global.proxy} and its neighbours. */
public final class ProxyValues {
    private static final String[] PROXY = {"values", "global", "proxy"};
    private static final String[] INIT = {"values", "global", "proxy_init"};

    /** Istio's own image holds Envoy, and Istio's own registry nothing of ours. */
    private static final String ISTIOS_IMAGE = "proxyv2";

    private final ProfileTree tree;

    public ProxyValues(ProfileTree tree) {
        this.tree = tree;
    }

    /** Where the proxy's image is. */
    public String image() {
        return image(PROXY, "sluice");
    }

    /** Where the init container's image is. */
    public String initImage() {
        return image(INIT, "sluice-init");
    }

    private String image(String[] component, String otherwise) {
        String image = tree.text(otherwise, path(component, "image"));
        if (image.equals(ISTIOS_IMAGE)) {
            // Hub and tag came with it.
            return otherwise + ":dev";
        }
        if (image.indexOf('/') >= 0 || image.indexOf(':') >= 0) {
            return image;
        }
        String hub = tree.text("", "hub");
        return (hub.isEmpty() ? "" : hub + "/") + image + ":" + tree.text("dev", "tag");
    }

    /** Requests and limits of the proxy. */
    public Map<String, Object> resources() {
        return copy(tree.map(path(PROXY, "resources")));
    }

    /** Requests and limits of the init container. */
    public Map<String, Object> initResources() {
        return copy(tree.map(path(INIT, "resources")));
    }

    /** A setting of {@code values.global.proxy} as text. */
    public String text(String key) {
        return tree.text("", path(PROXY, key));
    }

    /** A number of {@code values.global.proxy}. */
    public int number(String key, int otherwise) throws ManifestException {
        String text = text(key);
        try {
            return text.isEmpty() ? otherwise : Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new ManifestException("values.global.proxy." + key + ": '" + text + "' is no number");
        }
    }

    /** The port of merged metrics and of health: MeshConfig's, else the profile's. */
    public int statusPort() throws ManifestException {
        String mesh = tree.text("", "meshConfig", "defaultConfig", "statusPort");
        try {
            return mesh.isEmpty() ? number("statusPort", 15020) : Integer.parseInt(mesh);
        } catch (NumberFormatException e) {
            throw new ManifestException("meshConfig.defaultConfig.statusPort: '" + mesh + "' is no number");
        }
    }

    /** {@code Always}, …; empty: the cluster's default. */
    public String pullPolicy() {
        return tree.text("", "values", "global", "imagePullPolicy");
    }

    /** Whether proxies are init containers that go on. */
    public boolean nativeSidecar() {
        return flag("values", "global", "nativeSidecar");
    }

    /** Whether apps wait for their proxy. */
    public boolean holdApplication() {
        return flag(path(PROXY, "holdApplicationUntilProxyStarts"))
                || flag("meshConfig", "defaultConfig", "holdApplicationUntilProxyStarts");
    }

    /** REDIRECT, unless MeshConfig says otherwise. */
    public String interceptionMode() {
        return tree.text("REDIRECT", "meshConfig", "defaultConfig", "interceptionMode");
    }

    /** Whether scrapers find one port for all of a pod's metrics. */
    public boolean prometheusMerge() {
        return tree.get("meshConfig", "enablePrometheusMerge") == null || flag("meshConfig", "enablePrometheusMerge");
    }

    private boolean flag(String... path) {
        return Boolean.parseBoolean(tree.text("false", path));
    }

    private static String[] path(String[] component, String key) {
        List<String> path = new ArrayList<>(List.of(component));
        path.add(key);
        return path.toArray(String[]::new);
    }

    /** A deep copy: a tree that is written twice would be written with anchors. */
    public static Map<String, Object> copy(Map<?, ?> map) {
        Map<String, Object> copy = new LinkedHashMap<>();
        map.forEach(
                (key, value) -> copy.put(String.valueOf(key), value instanceof Map<?, ?> inner ? copy(inner) : value));
        return copy;
    }
}
