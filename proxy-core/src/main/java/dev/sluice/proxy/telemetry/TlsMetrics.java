package dev.sluice.proxy.telemetry;

import dev.sluice.proxy.tls.CertificateStatus;
import dev.sluice.proxy.tls.TlsCounters;
import dev.sluice.proxy.tls.TlsCounters.Side;
import dev.sluice.proxy.tls.TlsFailure;
import dev.sluice.proxy.tls.TlsRegistry;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Handshakes and certificates as metrics, read when they are scraped. Thread-safe. */
public final class TlsMetrics {
    // What micrometer reads it holds weakly; the registry holds its counters, and this by its listener.
    private final TlsRegistry tls;
    private final MultiGauge expirations;

    /** Registers in {@code registry} what {@code tls} counts, and follows its certificates. */
    public static void watch(MeterRegistry registry, TlsRegistry tls) {
        TlsMetrics metrics = new TlsMetrics(registry, tls);
        tls.onChange(metrics::certificatesChanged);
        metrics.certificatesChanged();
    }

    private TlsMetrics(MeterRegistry registry, TlsRegistry tls) {
        this.tls = tls;
        TlsCounters counters = tls.counters();
        for (Side side : Side.values()) {
            String name = side.name().toLowerCase(Locale.ROOT);
            FunctionCounter.builder("sluice_tls_handshakes_total", counters, all -> all.handshakes(side))
                    .description("TLS handshakes that were completed")
                    .tag("side", name)
                    .register(registry);
            for (TlsFailure why : TlsFailure.values()) {
                FunctionCounter.builder("sluice_tls_handshake_failures_total", counters, all -> all.failures(side, why))
                        .description("TLS handshakes that came to nothing, by reason")
                        .tags("side", name, "reason", why.text())
                        .register(registry);
            }
        }
        FunctionCounter.builder("sluice_certificate_load_failures_total", counters, TlsCounters::loadFailures)
                .description("Certificates that could not be put in force; those before stayed")
                .register(registry);
        this.expirations = MultiGauge.builder("sluice_certificate_expiration_seconds")
                .description("Time until a certificate in force, or one of its chain, expires; negative once it has")
                .register(registry);
    }

    /** Other certificates are in force. */
    private void certificatesChanged() {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        for (CertificateStatus certificate : tls.certificates()) {
            Instant end = certificate.notAfter();
            if (end != null) {
                Tags tags = Tags.of("name", certificate.name(), "used_by", certificate.usedBy());
                rows.add(MultiGauge.Row.of(tags, end, TlsMetrics::secondsUntil));
            }
        }
        expirations.register(rows, true);
    }

    private static double secondsUntil(Instant end) {
        return Duration.between(Instant.now(), end).toSeconds();
    }
}
