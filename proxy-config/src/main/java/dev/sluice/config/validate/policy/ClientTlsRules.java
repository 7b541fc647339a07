package dev.sluice.config.validate.policy;

import dev.sluice.config.crd.ClientTlsSettings;
import dev.sluice.config.crd.ClientTlsSettings.Mode;
import dev.sluice.config.crd.tree.MapNode;
import dev.sluice.config.crd.tree.Quote;
import dev.sluice.config.validate.rule.Codes;
import dev.sluice.config.validate.rule.Place;
import dev.sluice.config.validate.rule.Report;
import dev.sluice.config.validate.rule.ValueRules;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** TLS towards upstreams (spec §11.2). */
final class ClientTlsRules {
    private static final String CONFIG_MAP = "configmap://";
    private static final List<String> FILES = List.of("clientCertificate", "privateKey", "caCertificates", "caCrl");
    private static final List<String> BESIDE_MESH =
            List.of("clientCertificate", "privateKey", "caCertificates", "credentialName");
    private static final List<String> SETTINGS = List.of(
            "clientCertificate", "privateKey", "caCertificates", "caCrl", "credentialName", "subjectAltNames", "sni");

    private ClientTlsRules() {}

    static void check(@Nullable ClientTlsSettings tls, Report report) {
        if (tls == null) {
            return;
        }
        MapNode at = tls.at();
        Mode mode = tls.mode() == null ? Mode.DISABLE : tls.mode();
        boolean given = mode == Mode.SIMPLE || mode == Mode.MUTUAL;
        boolean credential =
                tls.credentialName() != null && !tls.credentialName().isEmpty();
        configMap(tls, report);
        if (Boolean.TRUE.equals(tls.insecureSkipVerify()) && given) {
            unverified(at, mode, report);
        }
        if (given && credential) {
            for (String field : FILES) {
                if (ValueRules.isSet(at, field)) {
                    report.error(Place.of(at).key(field), "excludes credentialName, which names all of it");
                }
            }
        } else if (mode == Mode.MUTUAL) {
            for (String field : List.of("clientCertificate", "privateKey")) {
                if (!ValueRules.isSet(at, field)) {
                    report.error(Place.of(at, field), "MUTUAL needs " + field + ", or a credentialName");
                }
            }
        }
        if (mode == Mode.DISABLE && !at.has("mode")) {
            withoutMode(at, report);
        }
        if (mode == Mode.ISTIO_MUTUAL) {
            besideMesh(tls, report);
        }
    }

    /** What Istio passes over without a word. */
    private static void besideMesh(ClientTlsSettings tls, Report report) {
        for (String field : BESIDE_MESH) {
            if (ValueRules.isSet(tls.at(), field)) {
                report.warning(
                        Codes.NO_EFFECT,
                        Place.of(tls.at()).key(field),
                        "has no effect: ISTIO_MUTUAL brings its own certificates");
            }
        }
        if (Boolean.TRUE.equals(tls.insecureSkipVerify())) {
            report.warning(
                    Codes.NO_EFFECT,
                    Place.of(tls.at()).key("insecureSkipVerify"),
                    "has no effect: with ISTIO_MUTUAL the upstream is always verified");
        }
    }

    private static void configMap(ClientTlsSettings tls, Report report) {
        String name = tls.credentialName();
        if (name == null || !name.startsWith(CONFIG_MAP)) {
            return;
        }
        int slash = name.indexOf('/', CONFIG_MAP.length());
        if (slash >= 0 && !name.substring(CONFIG_MAP.length(), slash).equals(report.namespace())) {
            report.error(
                    Place.of(tls.at(), "credentialName"),
                    Quote.of(name) + " must be of the own namespace, " + report.namespace());
        }
    }

    /** What says whom to trust cannot stand beside a word to trust anybody. */
    private static void unverified(MapNode at, Mode mode, Report report) {
        List<String> contradictions = mode == Mode.SIMPLE
                ? List.of("caCertificates", "credentialName", "subjectAltNames")
                : List.of("caCertificates", "subjectAltNames");
        for (String field : contradictions) {
            if (ValueRules.isSet(at, field)) {
                report.error(Place.of(at).key(field), "contradicts insecureSkipVerify: true");
            }
        }
    }

    private static void withoutMode(MapNode at, Report report) {
        for (String field : SETTINGS) {
            if (ValueRules.isSet(at, field)) {
                report.warning(
                        Codes.NO_EFFECT,
                        Place.of(at).key(field),
                        "has no effect: without a mode the upstream is spoken to in cleartext; set mode: SIMPLE");
                return;
            }
        }
    }
}
