package dev.sluice.proxy.kubernetes.inject;

import dev.sluice.proxy.intercept.rule.Selection;
import dev.sluice.proxy.kubernetes.profile.ProxyValues;
import dev.sluice.proxy.kubernetes.yaml.ManifestException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** One pod's settings: its annotations, which are Istio's, over the command line and the profile. */
final class PodSettings {
    private static final String SIDECAR = "sidecar.istio.io/";
    private static final String TRAFFIC = "traffic.sidecar.istio.io/";
    private static final String READINESS = "readiness.status.sidecar.istio.io/";
    private static final String STATUS = "status." + SIDECAR + "port";
    private static final String REROUTE = "istio.io/reroute-virtual-interfaces";
    /** Fields of a ProxyConfig. */
    private static final String MODE = "interceptionMode";

    private static final String STATUS_PORT = "statusPort";
    private static final Set<String> MODES = Set.of("REDIRECT", "TPROXY", "NONE");
    private static final int MOST_PORT = 65_535;

    private final InjectSettings settings;
    private final ProxyValues values;
    private final Map<String, String> annotations;
    private final Map<String, String> labels;

    PodSettings(InjectSettings settings, Map<String, String> annotations, Map<String, String> labels) {
        this.settings = settings;
        this.values = settings.values();
        this.annotations = annotations;
        this.labels = labels;
    }

    ProxyValues values() {
        return values;
    }

    Map<String, String> annotations() {
        return annotations;
    }

    Map<String, String> labels() {
        return labels;
    }

    String configMap() {
        return settings.configMap();
    }

    /** The label of that name wins over the annotation, as in Istio. */
    boolean wanted() throws ManifestException {
        String inject = labels.getOrDefault(SIDECAR + "inject", annotations.getOrDefault(SIDECAR + "inject", ""));
        return inject.isEmpty() || truth(SIDECAR + "inject", inject);
    }

    String image() {
        String own = annotations.get(SIDECAR + "proxyImage");
        return own != null ? own : settings.image() != null ? settings.image() : values.image();
    }

    String initImage() {
        return settings.initImage() != null ? settings.initImage() : values.initImage();
    }

    /** {@code REDIRECT}, {@code TPROXY} or {@code NONE}. */
    String interceptionMode() throws ManifestException {
        String own = ownConfig().text(MODE);
        String mode = annotations.getOrDefault(SIDECAR + MODE, own == null ? values.interceptionMode() : own);
        if (!MODES.contains(mode)) {
            throw new ManifestException(SIDECAR + MODE + ": '" + mode + "' is not one of REDIRECT, TPROXY, NONE");
        }
        return mode;
    }

    /** Whether the pod itself chooses its mode. */
    boolean saysInterceptionMode() throws ManifestException {
        return annotations.containsKey(SIDECAR + MODE) || ownConfig().text(MODE) != null;
    }

    boolean nativeSidecar() throws ManifestException {
        String own = annotations.get(SIDECAR + "nativeSidecar");
        if (own != null) {
            return flag(SIDECAR + "nativeSidecar", own);
        }
        return settings.nativeSidecar() != null ? settings.nativeSidecar() : values.nativeSidecar();
    }

    boolean holdApplication() throws ManifestException {
        String own = ownConfig().text("holdApplicationUntilProxyStarts");
        if (own != null) {
            return truth("proxy.istio.io/config", own);
        }
        return settings.holdApplication() != null ? settings.holdApplication() : values.holdApplication();
    }

    /** The pod's own ProxyConfig. */
    OwnProxyConfig ownConfig() throws ManifestException {
        return OwnProxyConfig.of(annotations);
    }

    /** Whether the app's metrics come with the proxy's. */
    boolean mergesMetrics() throws ManifestException {
        String key = "prometheus.istio.io/merge-metrics";
        String own = annotations.get(key);
        return own == null ? values.prometheusMerge() : flag(key, own);
    }

    boolean rewriteProbes() throws ManifestException {
        String key = SIDECAR + "rewriteAppHTTPProbers";
        return flag(key, annotations.getOrDefault(key, "true"));
    }

    /** Interfaces of virtual machines, by either of the names that Istio has for them; the newer one wins. */
    String virtualInterfaces() throws ManifestException {
        String own = annotations.get(REROUTE);
        return own == null
                ? traffic("kubevirtInterfaces", "", Selection::interfaceList)
                : read(REROUTE, own, Selection::interfaceList);
    }

    /**
     * What {@code traffic.sidecar.istio.io/KEY} says, else the profile's setting {@code value}, if {@code sluice iptables}
     * reads it by {@code reader}: else the pod's init container would end at it.
     */
    String traffic(String key, String value, Consumer<String> reader) throws ManifestException {
        String own = annotations.get(TRAFFIC + key);
        String text = own != null ? own : value.isEmpty() ? "" : values.text(value);
        return read(own != null ? TRAFFIC + key : "values.global.proxy." + value, text, reader);
    }

    private static String read(String key, String text, Consumer<String> reader) throws ManifestException {
        try {
            reader.accept(text);
        } catch (IllegalArgumentException e) {
            throw new ManifestException(key + ": " + e.getMessage());
        }
        return text;
    }

    /** The port of health and metrics. */
    int statusPort() throws ManifestException {
        String own = ownConfig().text(STATUS_PORT);
        int port = number(STATUS, own == null ? values.statusPort() : number(own));
        if (port < 0 || port > MOST_PORT) {
            throw new ManifestException(STATUS + ": " + port + " is not one of 0 to " + MOST_PORT);
        }
        if (Containers.OWN_PORTS.contains(port)) {
            throw new ManifestException(STATUS + ": the proxy listens on " + port + " for something else");
        }
        return port;
    }

    /** Whether the pod itself chooses it. */
    boolean saysStatusPort() throws ManifestException {
        return annotations.containsKey(STATUS) || ownConfig().text(STATUS_PORT) != null;
    }

    /** A setting of the readiness probe. */
    int readiness(String key, String value, int otherwise) throws ManifestException {
        int number = number(READINESS + key, values.number(value, otherwise));
        if (number < 0) {
            throw new ManifestException(READINESS + key + ": " + number + " is less than 0");
        }
        return number;
    }

    /** Requests and limits; with an annotation about either, both are the annotations', as in Istio. */
    Map<String, Object> resources() throws ManifestException {
        Map<String, Object> own = new LinkedHashMap<>();
        own.put("limits", sizes("proxyCPULimit", "proxyMemoryLimit"));
        own.put("requests", sizes("proxyCPU", "proxyMemory"));
        own.values().removeIf(sizes -> ((Map<?, ?>) sizes).isEmpty());
        return own.isEmpty()
                ? Amounts.checked("values.global.proxy.resources.", values.resources())
                : Amounts.checked("the annotations' resources, ", own);
    }

    private Map<String, Object> sizes(String cpu, String memory) throws ManifestException {
        Map<String, Object> sizes = new LinkedHashMap<>();
        putIfGiven(sizes, "cpu", SIDECAR + cpu);
        putIfGiven(sizes, "memory", SIDECAR + memory);
        return sizes;
    }

    private void putIfGiven(Map<String, Object> map, String key, String annotation) throws ManifestException {
        String value = annotations.get(annotation);
        if (value == null) {
            return;
        }
        Amounts.read(annotation, value);
        map.put(key, value);
    }

    private static int number(String text) throws ManifestException {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new ManifestException("proxy.istio.io/config: statusPort: '" + text + "' is no number");
        }
    }

    private int number(String key, int otherwise) throws ManifestException {
        String text = annotations.get(key);
        try {
            return text == null ? otherwise : Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new ManifestException(key + ": '" + text + "' is no number");
        }
    }

    /** A truth that Istio reads as Go does, which takes a digit and a single letter too. */
    private static boolean flag(String key, String text) throws ManifestException {
        return switch (text) {
            case "1", "t", "T" -> true;
            case "0", "f", "F" -> false;
            default -> truth(key, text);
        };
    }

    private static boolean truth(String key, String text) throws ManifestException {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "enabled", "yes", "y", "on" -> true;
            case "false", "disabled", "no", "n", "off" -> false;
            default -> throw new ManifestException(key + ": '" + text + "' is neither true nor false");
        };
    }
}
