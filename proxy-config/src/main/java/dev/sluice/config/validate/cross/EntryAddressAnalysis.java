package dev.sluice.config.validate.cross;

import dev.sluice.config.crd.ServiceEntry;
import dev.sluice.config.crd.ServiceEntry.ServicePort;
import dev.sluice.config.crd.mesh.ProxyConfig;
import dev.sluice.config.validate.Finding.Severity;
import dev.sluice.config.validate.rule.Codes;
import dev.sluice.config.validate.rule.Place;
import dev.sluice.config.validate.world.World;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * ServiceEntries with ports that speak TCP, or do not say: such connections are told from others by their address only,
 * so there must be one (IST0134), unless the mesh hands addresses out.
 */
final class EntryAddressAnalysis {
    private EntryAddressAnalysis() {}

    static void run(World world) {
        if (isAutomatic(world.set().mesh().defaultConfig())) {
            return;
        }
        for (ServiceEntry entry : world.set().serviceEntries()) {
            if (entry.addresses().isEmpty()) {
                check(entry, world);
            }
        }
    }

    private static void check(ServiceEntry entry, World world) {
        for (ServicePort port : entry.ports()) {
            String protocol = port.protocol();
            if (protocol == null || protocol.isEmpty() || protocol.equalsIgnoreCase("TCP")) {
                world.report(entry)
                        .add(
                                Severity.WARNING,
                                Codes.ADDRESSES_REQUIRED,
                                Place.of(port.at(), "protocol"),
                                "a port of protocol TCP needs addresses to be told from others");
            }
        }
    }

    private static boolean isAutomatic(@Nullable ProxyConfig config) {
        Map<String, String> metadata = config == null ? Map.of() : config.proxyMetadata();
        return "true".equals(metadata.get("ISTIO_META_DNS_CAPTURE"))
                && ("true".equals(metadata.get("ISTIO_META_DNS_AUTO_ALLOCATE"))
                        || "true".equals(metadata.get("PILOT_ENABLE_IP_AUTOALLOCATE")));
    }
}
