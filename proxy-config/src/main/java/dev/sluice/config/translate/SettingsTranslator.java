package dev.sluice.config.translate;

import dev.sluice.config.crd.Sidecar;
import dev.sluice.config.crd.mesh.IdleMetadata;
import dev.sluice.config.crd.mesh.MeshConfig;
import dev.sluice.config.crd.mesh.MeshConfig.AccessLogEncoding;
import dev.sluice.config.crd.mesh.ProxyConfig;
import dev.sluice.config.crd.mesh.ProxyConfig.ForwardClientCertDetails;
import dev.sluice.config.crd.mesh.ProxyConfig.GatewayTopology;
import dev.sluice.config.crd.mesh.RuntimeCaps;
import dev.sluice.config.crd.schema.GoDuration;
import dev.sluice.config.plan.ConnectionCapsPlan;
import dev.sluice.config.plan.IdlePlan;
import dev.sluice.config.plan.ProxySettingsPlan;
import dev.sluice.config.plan.TopologyPlan;
import dev.sluice.config.plan.TopologyPlan.ClientCertificate;
import dev.sluice.config.plan.words.PathNormalization;
import dev.sluice.config.translate.cluster.SluiceAnnotations;
import dev.sluice.config.translate.scope.ProxyIdentity;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What holds for the process rather than for one route. */
final class SettingsTranslator {
    private SettingsTranslator() {}

    static ProxySettingsPlan settings(MeshConfig mesh, ProxyIdentity identity, @Nullable Sidecar sidecar) {
        return new ProxySettingsPlan(
                identity.namespace(),
                PathNormalization.named(mesh.pathNormalizationName()),
                set(mesh.accessLogFile()),
                set(mesh.accessLogFormat()),
                mesh.accessLogEncoding() == AccessLogEncoding.JSON,
                carryHeaders(identity, sidecar),
                topology(mesh.defaultConfig()),
                idle(mesh.defaultConfig()),
                caps(mesh.defaultConfig()));
    }

    /** A value that is no number is as if it were not there; {@code check} warns of it. */
    private static ConnectionCapsPlan caps(@Nullable ProxyConfig config) {
        Map<String, String> values = config == null ? Map.of() : config.runtimeValues();
        Integer total = RuntimeCaps.total(values);
        return new ConnectionCapsPlan(total == null ? Integer.MAX_VALUE : total, RuntimeCaps.listeners(values));
    }

    /** Those of the command line, then the Sidecar's. */
    private static List<String> carryHeaders(ProxyIdentity identity, @Nullable Sidecar sidecar) {
        Set<String> names = new LinkedHashSet<>(identity.carryHeaders());
        String annotation = sidecar == null ? null : sidecar.metadata().annotation(SluiceAnnotations.CARRY_HEADERS);
        if (annotation != null) {
            for (String name : annotation.split(",", -1)) {
                if (!name.isBlank()) {
                    names.add(name.trim().toLowerCase(Locale.ROOT));
                }
            }
        }
        return List.copyOf(names);
    }

    private static TopologyPlan topology(@Nullable ProxyConfig config) {
        GatewayTopology written = config == null ? null : config.gatewayTopology();
        if (written == null) {
            return TopologyPlan.DEFAULTS;
        }
        Long trusted = written.numTrustedProxies();
        ForwardClientCertDetails details = written.forwardClientCertDetails();
        return new TopologyPlan(
                trusted == null ? 0 : (int) Math.min(trusted, Integer.MAX_VALUE),
                clientCertificate(details == null ? ForwardClientCertDetails.UNDEFINED : details),
                written.proxyProtocol() != null);
    }

    private static ClientCertificate clientCertificate(ForwardClientCertDetails details) {
        return switch (details) {
            case UNDEFINED, SANITIZE_SET -> ClientCertificate.SANITIZE_SET;
            case SANITIZE -> ClientCertificate.SANITIZE;
            case FORWARD_ONLY -> ClientCertificate.FORWARD_ONLY;
            case APPEND_FORWARD -> ClientCertificate.APPEND_FORWARD;
            case ALWAYS_FORWARD_ONLY -> ClientCertificate.ALWAYS_FORWARD_ONLY;
        };
    }

    /** A value that is no duration is as if it were not there, as in Istio; {@code check} warns of it. */
    private static IdlePlan idle(@Nullable ProxyConfig config) {
        if (config == null) {
            return IdlePlan.DEFAULTS;
        }
        Map<String, String> metadata = config.proxyMetadata();
        Duration stream = GoDuration.notNegative(metadata.get(IdleMetadata.STREAM));
        return new IdlePlan(
                GoDuration.notNegative(metadata.get(IdleMetadata.CONNECTION)),
                stream == null || stream.isZero() ? null : stream);
    }

    private static @Nullable String set(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }
}
