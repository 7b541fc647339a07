package dev.sluice.config.validate.listener;

import dev.sluice.config.crd.ServerTlsSettings;
import dev.sluice.config.crd.ServerTlsSettings.Mode;
import dev.sluice.config.crd.ServerTlsSettings.TlsCertificate;
import dev.sluice.config.crd.ServerTlsSettings.TlsProtocol;
import dev.sluice.config.crd.tree.MapNode;
import dev.sluice.config.crd.tree.Quote;
import dev.sluice.config.validate.rule.Codes;
import dev.sluice.config.validate.rule.Place;
import dev.sluice.config.validate.rule.Report;
import dev.sluice.config.validate.rule.ValueRules;
import dev.sluice.config.validate.text.CipherText;
import dev.sluice.config.validate.text.HashText;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** TLS towards clients (spec §11.3, tls fields). */
final class ServerTlsRules {
    private static final List<String> CERTIFICATES = List.of(
            "serverCertificate",
            "privateKey",
            "caCertificates",
            "tlsCertificates",
            "credentialName",
            "credentialNames");

    /** What is about clients' certificates. */
    private static final List<String> OF_CLIENTS = List.of(
            "caCertificates",
            "caCertCredentialName",
            "subjectAltNames",
            "verifyCertificateSpki",
            "verifyCertificateHash");

    private ServerTlsRules() {}

    /** @param credentials whether certificates may be named by a credential: at a Gateway, not in a Sidecar */
    static void check(@Nullable ServerTlsSettings tls, boolean credentials, Report report) {
        if (tls == null) {
            return;
        }
        MapNode at = tls.at();
        versions(tls, report);
        ciphers(tls, report);
        Mode mode = tls.mode() == null ? Mode.PASSTHROUGH : tls.mode();
        switch (mode) {
            case ISTIO_MUTUAL -> {
                for (String field : CERTIFICATES) {
                    if (ValueRules.isSet(at, field)) {
                        report.error(Place.of(at).key(field), "has no place beside ISTIO_MUTUAL, which brings its own");
                    }
                }
                noVersion(tls, report);
                noHash(tls, report);
            }
            case PASSTHROUGH, AUTO_PASSTHROUGH -> {
                oneSource(at, report);
                unused(at, mode, report);
                if (ValueRules.isSet(at, "caCrl") && ValueRules.isSet(at, "credentialName")) {
                    report.error(Place.of(at).key("caCrl"), "has to be in the credential, where one is named");
                }
            }
            case SIMPLE, MUTUAL, OPTIONAL_MUTUAL -> {
                oneSource(at, report);
                certificates(tls, mode, credentials, report);
                noVersion(tls, report);
                if (mode == Mode.SIMPLE) {
                    unasked(at, credentials, report);
                } else {
                    noHash(tls, report);
                }
            }
        }
    }

    private static void versions(ServerTlsSettings tls, Report report) {
        TlsProtocol least = tls.minProtocolVersion();
        if ((least == TlsProtocol.TLSV1_0 || least == TlsProtocol.TLSV1_1)
                && ValueRules.none(tls.at(), "cipherSuites")) {
            report.warning(
                    Place.of(tls.at(), "minProtocolVersion"),
                    least + " needs cipherSuites: none of the usual ones goes with it");
        }
    }

    /** Checks of clients that are never made; a Sidecar is refused its subjectAltNames anyway. */
    private static void unasked(MapNode at, boolean gateway, Report report) {
        for (String field : OF_CLIENTS) {
            if (ValueRules.isSet(at, field) && (gateway || !field.equals("subjectAltNames"))) {
                noEffect(at, field, report);
            }
        }
    }

    private static void noEffect(MapNode at, String field, Report report) {
        report.warning(
                Codes.NO_EFFECT,
                Place.of(at).key(field),
                "has no effect: SIMPLE asks no client for a certificate; MUTUAL does");
    }

    /** Istio accepts it, although every handshake fails by it. */
    private static void noVersion(ServerTlsSettings tls, Report report) {
        TlsProtocol least = given(tls.minProtocolVersion(), TlsProtocol.TLSV1_2);
        TlsProtocol most = given(tls.maxProtocolVersion(), TlsProtocol.TLSV1_3);
        if (most.compareTo(least) < 0) {
            report.warning(
                    Codes.NO_CLIENT,
                    Place.of(tls.at(), "maxProtocolVersion"),
                    "no client can connect: it is less than minProtocolVersion, " + least
                            + (tls.at().has("minProtocolVersion") ? "" : " where that is not set"));
        }
    }

    /** A hash that no certificate can have; Istio accepts that too. */
    private static void noHash(ServerTlsSettings tls, Report report) {
        for (int i = 0; i < tls.verifyCertificateSpki().size(); i++) {
            String spki = tls.verifyCertificateSpki().get(i);
            if (!HashText.isBase64(spki)) {
                report.warning(
                        Codes.NO_CLIENT,
                        Place.of(tls.at(), "verifyCertificateSpki").item(i),
                        "no client's key has it: " + Quote.of(spki) + " is no SHA-256 in base64, 44 characters with"
                                + " \"=\" at the end");
            }
        }
        for (int i = 0; i < tls.verifyCertificateHash().size(); i++) {
            String hash = tls.verifyCertificateHash().get(i);
            if (!HashText.isHex(hash)) {
                report.warning(
                        Codes.NO_CLIENT,
                        Place.of(tls.at(), "verifyCertificateHash").item(i),
                        "no client's certificate has it: " + Quote.of(hash) + " is no SHA-256 in hex, 64 digits with"
                                + " or without colons");
            }
        }
    }

    private static TlsProtocol given(@Nullable TlsProtocol written, TlsProtocol otherwise) {
        return written == null || written == TlsProtocol.TLS_AUTO ? otherwise : written;
    }

    private static void ciphers(ServerTlsSettings tls, Report report) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < tls.cipherSuites().size(); i++) {
            String cipher = tls.cipherSuites().get(i);
            Place place = Place.of(tls.at(), "cipherSuites").item(i);
            if (!CipherText.KNOWN.contains(cipher)) {
                report.warning(place, Quote.of(cipher) + " is no cipher suite that can be had; it is passed over");
            } else if (!seen.add(cipher)) {
                report.warning(place, Quote.of(cipher) + " is there already");
            }
        }
    }

    private static void unused(MapNode at, Mode mode, Report report) {
        for (String field : CERTIFICATES) {
            if (ValueRules.isSet(at, field)) {
                passedOver(at, field, mode, report);
                return;
            }
        }
        if (ValueRules.isSet(at, "caCrl")) {
            passedOver(at, "caCrl", mode, report);
        }
    }

    private static void passedOver(MapNode at, String field, Mode mode, Report report) {
        report.warning(
                Place.of(at).key(field),
                "is passed over: " + mode + (at.has("mode") ? "" : " (there is no mode)")
                        + " leaves TLS to the upstream");
    }

    /** What the reader says of pairs that a schema excludes is not said again. */
    private static void oneSource(MapNode at, Report report) {
        boolean files = ValueRules.isSet(at, "serverCertificate") && ValueRules.isSet(at, "privateKey");
        for (String field : List.of("credentialName", "credentialNames", "tlsCertificates")) {
            if (files && ValueRules.isSet(at, field)) {
                report.error(
                        Place.of(at).key(field),
                        "excludes serverCertificate and privateKey; name one certificate source");
            }
        }
    }

    private static void certificates(ServerTlsSettings tls, Mode mode, boolean credentials, Report report) {
        MapNode at = tls.at();
        if (ValueRules.isSet(at, "credentialName") || ValueRules.isSet(at, "credentialNames")) {
            if (ValueRules.isSet(at, "caCrl") && mode == Mode.SIMPLE) {
                noEffect(at, "caCrl", report);
            }
            return;
        }
        if (mode != Mode.SIMPLE && !ValueRules.isSet(at, "caCertificates")) {
            report.error(Place.of(at), mode + " needs caCertificates, to know clients by");
        }
        if (tls.tlsCertificates().isEmpty()) {
            pair(at, mode, credentials, report);
        }
        for (TlsCertificate certificate : tls.tlsCertificates()) {
            pair(certificate.at(), mode, credentials, report);
        }
        if (tls.tlsCertificates().size() > 2) {
            report.warning(Place.of(at, "tlsCertificates"), "at most two certificates are used, one RSA and one ECDSA");
        }
        if (ValueRules.isSet(at, "caCrl") && mode == Mode.SIMPLE) {
            report.error(Place.of(at).key("caCrl"), "has no place beside SIMPLE, which does not ask for certificates");
        }
    }

    private static void pair(MapNode at, Mode mode, boolean credentials, Report report) {
        for (String field : List.of("serverCertificate", "privateKey")) {
            if (!ValueRules.isSet(at, field)) {
                report.error(Place.of(at), mode + " needs " + field + (credentials ? ", or a credentialName" : ""));
            }
        }
    }
}
