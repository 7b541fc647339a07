package dev.sluice.config.crd;

import dev.sluice.config.crd.tree.MapNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** TLS towards an upstream (spec §2.7). */
public record ClientTlsSettings(
        MapNode at,
        @Nullable Mode mode,
        @Nullable String clientCertificate,
        @Nullable String privateKey,
        @Nullable String caCertificates,
        @Nullable String caCrl,
        @Nullable String credentialName,
        List<String> subjectAltNames,
        @Nullable String sni,
        @Nullable Boolean insecureSkipVerify) {
    /** Unset is DISABLE. */
    public enum Mode {
        DISABLE,
        SIMPLE,
        MUTUAL,
        ISTIO_MUTUAL
    }
}
