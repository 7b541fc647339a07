package dev.sluice.proxy.tls;

import dev.sluice.config.plan.chain.TlsVersions;
import dev.sluice.config.plan.chain.TlsVersions.Version;
import io.netty.handler.ssl.OpenSsl;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLException;

/**
 * Names of cipher suites: Istio writes OpenSSL's, both providers take the IANA's. What is configured and is none is passed
 * over, as if it was not written: with nothing else in the list the defaults hold.
 */
final class CipherSuites {
    /** Envoy's list (spec/istio-fields.md section 3.2), by OpenSSL's name. */
    private static final Map<String, String> IANA = new LinkedHashMap<>();

    /** Always on: a configured list is about the versions before. */
    private static final List<String> TLS_1_3 =
            List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");

    /** Envoy's defaults: forward secrecy and authenticated encryption only. */
    private static final List<String> DEFAULT = List.of(
            "ECDHE-ECDSA-AES128-GCM-SHA256",
            "ECDHE-RSA-AES128-GCM-SHA256",
            "ECDHE-ECDSA-CHACHA20-POLY1305",
            "ECDHE-RSA-CHACHA20-POLY1305",
            "ECDHE-ECDSA-AES256-GCM-SHA384",
            "ECDHE-RSA-AES256-GCM-SHA384");

    static {
        for (String key : new String[] {"ECDSA", "RSA"}) {
            String java = "TLS_ECDHE_" + key + "_WITH_";
            IANA.put("ECDHE-" + key + "-AES128-GCM-SHA256", java + "AES_128_GCM_SHA256");
            IANA.put("ECDHE-" + key + "-AES256-GCM-SHA384", java + "AES_256_GCM_SHA384");
            IANA.put("ECDHE-" + key + "-CHACHA20-POLY1305", java + "CHACHA20_POLY1305_SHA256");
            IANA.put("ECDHE-" + key + "-AES128-SHA", java + "AES_128_CBC_SHA");
            IANA.put("ECDHE-" + key + "-AES256-SHA", java + "AES_256_CBC_SHA");
        }
        IANA.put("AES128-GCM-SHA256", "TLS_RSA_WITH_AES_128_GCM_SHA256");
        IANA.put("AES256-GCM-SHA384", "TLS_RSA_WITH_AES_256_GCM_SHA384");
        IANA.put("AES128-SHA", "TLS_RSA_WITH_AES_128_CBC_SHA");
        IANA.put("AES256-SHA", "TLS_RSA_WITH_AES_256_CBC_SHA");
        IANA.put("DES-CBC3-SHA", "TLS_RSA_WITH_3DES_EDE_CBC_SHA");
    }

    private CipherSuites() {}

    /** OpenSSL's name of a suite; those of TLS 1.3 have but one. */
    static String openSsl(String iana) {
        for (Map.Entry<String, String> suite : IANA.entrySet()) {
            if (suite.getValue().equals(iana)) {
                return suite.getKey();
            }
        }
        return iana;
    }

    /** Whether a server with that configured list has a suite for ECDSA certificates. */
    static boolean haveEcdsa(List<String> configured) {
        List<String> suites = iana(configured);
        return suites.isEmpty() || suites.stream().anyMatch(suite -> suite.startsWith("TLS_ECDHE_ECDSA_"));
    }

    /**
     * What BoringSSL may speak with that list. Where it has none of its suites, as of DES-CBC3-SHA alone, it would offer its
     * own up to TLS 1.2, which nobody asked for; then there is TLS 1.3 alone.
     *
     * @throws SSLException if nothing is left
     */
    static TlsVersions spoken(List<String> configured, TlsVersions versions) throws SSLException {
        List<String> suites = iana(configured);
        if (suites.isEmpty()
                || versions.min() == Version.TLS_1_3
                || suites.stream().anyMatch(OpenSsl::isCipherSuiteAvailable)) {
            return versions;
        }
        if (versions.max() != Version.TLS_1_3) {
            throw new SSLException("BoringSSL has none of the cipher suites " + configured);
        }
        return new TlsVersions(Version.TLS_1_3, Version.TLS_1_3);
    }

    /** What a context is given; suites that the provider does not have are left out by it. */
    static List<String> of(List<String> configured, TlsVersions versions) {
        List<String> names = new ArrayList<>();
        if (versions.max() == Version.TLS_1_3) {
            names.addAll(TLS_1_3);
        }
        if (versions.min() != Version.TLS_1_3) {
            List<String> suites = iana(configured);
            names.addAll(suites.isEmpty() ? iana(DEFAULT) : suites);
        }
        return names;
    }

    private static List<String> iana(List<String> openSsl) {
        List<String> names = new ArrayList<>();
        for (String name : openSsl) {
            String iana = IANA.get(name);
            if (iana != null) {
                names.add(iana);
            }
        }
        return names;
    }
}
