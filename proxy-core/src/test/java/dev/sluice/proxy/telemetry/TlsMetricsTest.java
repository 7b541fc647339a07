package dev.sluice.proxy.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.crd.mesh.MeshOverrides;
import dev.sluice.config.crd.read.CrdReader;
import dev.sluice.config.plan.ProxyPlan;
import dev.sluice.config.source.ConfigLoader;
import dev.sluice.config.source.ObjectCheck;
import dev.sluice.config.translate.PlanCompiler;
import dev.sluice.config.translate.scope.ProxyIdentity;
import dev.sluice.proxy.tls.HandshakeLog;
import dev.sluice.proxy.tls.TlsCounters.Side;
import dev.sluice.proxy.tls.TlsFailure;
import dev.sluice.proxy.tls.TlsProvider;
import dev.sluice.proxy.tls.TlsRegistry;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Handshakes and certificates as a scrape shows them. */
class TlsMetricsTest {
    private static final String GATEWAY =
            """
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: gw}
            spec:
              servers:
              - port: {number: 8443, name: https, protocol: HTTPS}
                hosts: ["*"]
                tls: {mode: SIMPLE, credentialName: web}
            """;

    @TempDir
    Path folder;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    private static void write(Path certs, X509Bundle pair) throws Exception {
        Path own = Files.createDirectories(certs.resolve("web"));
        Files.writeString(own.resolve("tls.crt"), pair.getCertificatePathPEM());
        Files.writeString(own.resolve("tls.key"), pair.getPrivateKeyPEM());
    }

    private static X509Bundle pair(Duration left) throws Exception {
        return new CertificateBuilder()
                .ecp256()
                .subject("CN=web")
                .setIsCertificateAuthority(true)
                .notBefore(Instant.now().minus(Duration.ofDays(100)))
                .notAfter(Instant.now().plus(left))
                .buildSelfSigned();
    }

    private ProxyPlan plan() throws Exception {
        Path config = Files.createDirectories(folder.resolve("config"));
        Files.writeString(config.resolve("gateway.yaml"), GATEWAY);
        ConfigLoader loader =
                new ConfigLoader(List.of(config), new CrdReader(Set.of()), ObjectCheck.NONE, MeshOverrides.NONE);
        return PlanCompiler.compile(loader.load().set(), ProxyIdentity.of("default"))
                .plan();
    }

    private double expiration() {
        Gauge gauge = meters.get("sluice_certificate_expiration_seconds")
                .tag("name", "web")
                .tag("used_by", "https.8443.https.gw.default")
                .gauge();
        return gauge.value();
    }

    @Test
    void handshakesAndTheirFailuresAreCountedByReasonAndSide() {
        try (TlsRegistry tls = new TlsRegistry(null, () -> TlsProvider.JDK)) {
            TlsMetrics.watch(meters, tls);
            HandshakeLog log = tls.handshakes();
            log.completed(Side.DOWNSTREAM);
            log.failed(Side.UPSTREAM, "to nobody", TlsFailure.EXPIRED, "the certificate has expired");
            log.failed(Side.UPSTREAM, "to nobody", TlsFailure.EXPIRED, "the certificate has expired");
            assertEquals(1, count("sluice_tls_handshakes_total", "side", "downstream"));
            assertEquals(0, count("sluice_tls_handshakes_total", "side", "upstream"));
            assertEquals(2, count("sluice_tls_handshake_failures_total", "side", "upstream", "reason", "expired"));
            assertEquals(0, count("sluice_tls_handshake_failures_total", "side", "downstream", "reason", "expired"));
        }
    }

    private double count(String name, String... tags) {
        return meters.get(name).tags(tags).functionCounter().count();
    }

    @Test
    void aCertificateTellsHowLongItIsGoodForAlsoOnceItIsReplacedOrPastItsTime() throws Exception {
        Path certs = folder.resolve("certs");
        write(certs, pair(Duration.ofDays(40)));
        try (TlsRegistry tls = new TlsRegistry(certs, () -> TlsProvider.JDK)) {
            TlsMetrics.watch(meters, tls);
            ProxyPlan plan = plan();
            tls.apply(plan);
            assertEquals((double) Duration.ofDays(40).toSeconds(), expiration(), 3600);
            write(certs, pair(Duration.ofDays(-2)));
            tls.apply(plan);
            assertEquals((double) Duration.ofDays(-2).toSeconds(), expiration(), 3600);
            Files.writeString(certs.resolve("web/tls.crt"), "nothing");
            tls.apply(plan);
            assertEquals(1, count("sluice_certificate_load_failures_total"));
            assertEquals((double) Duration.ofDays(-2).toSeconds(), expiration(), 3600, "what was in force stays");
            assertTrue(String.valueOf(tls.certificates().get(0).problem()).contains("no certificate"));
        }
    }
}
