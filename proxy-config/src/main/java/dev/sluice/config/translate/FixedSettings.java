package dev.sluice.config.translate;

import dev.sluice.config.crd.mesh.MeshConfig;
import dev.sluice.config.crd.mesh.ProxyConfig;
import dev.sluice.config.crd.tree.MapNode;
import dev.sluice.config.crd.tree.Node;
import dev.sluice.config.translate.notice.Notices;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Settings of a proxy that Istio's MeshConfig moves and that are what they are here: whoever asks for others is told. */
final class FixedSettings {
    /** The case of HTTP/1's headers is kept, and no headers tell the other side of a mesh who sent a request. */
    private static final Set<String> MET = Set.of("preserveHttp1HeaderCase", "metadataExchangeHeaders");

    private FixedSettings() {}

    static void notice(MeshConfig mesh, Notices notices) {
        ProxyConfig config = mesh.defaultConfig();
        if (config != null) {
            notice(
                    "proxyHeaders",
                    config.proxyHeaders(),
                    "which headers the proxy adds and takes off is fixed, but for x-forwarded-client-cert at gateways:"
                            + " gatewayTopology.forwardClientCertDetails",
                    notices);
            notice(
                    "connectionSettings",
                    config.connectionSettings(),
                    "what a client's connection may cost is fixed; how many there may be is said by"
                            + " runtimeValues, how long they may idle by proxyMetadata",
                    notices);
        }
    }

    private static void notice(String field, @Nullable Node written, String message, Notices notices) {
        if (written instanceof MapNode settings) {
            for (String key : settings.keys()) {
                if (!MET.contains(key)) {
                    notices.notServed(settings.field(key), "defaultConfig." + field + "." + key, message);
                }
            }
        }
    }
}
