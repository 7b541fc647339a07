package dev.sluice.proxy.tls;

import dev.sluice.config.plan.chain.PeerChecksPlan;
import java.net.Socket;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateRevokedException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Checks a peer's certificate: its chain, then its names, then its pins (spec/reliability.md E7). Says which check failed.
 * Thread-safe; runs on the event loop of the handshake and asks nobody.
 */
final class PeerVerifier extends X509ExtendedTrustManager {
    private static final X509Certificate[] NONE = {};

    private final @Nullable TrustedAuthorities authorities;
    private final PeerChecksPlan checks;
    private final boolean hostChecked;
    private final Alerts alerts;

    /**
     * @param authorities null: no chain is checked
     * @param hostChecked whether the certificate must be for the engine's peer host
     * @param alerts makes an exception of a refusal, so that the peer is told the right alert
     */
    PeerVerifier(@Nullable TrustedAuthorities authorities, PeerChecksPlan checks, boolean hostChecked, Alerts alerts) {
        this.authorities = authorities;
        this.checks = checks;
        this.hostChecked = hostChecked;
        this.alerts = alerts;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain, authType, true, null);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain, authType, false, hostChecked ? engine.getPeerHost() : null);
    }

    private void check(X509Certificate[] chain, String authType, boolean client, @Nullable String host)
            throws CertificateException {
        try {
            chain(chain, authType, client);
            names(chain[0], host);
            pins(chain[0]);
        } catch (PeerRefused e) {
            throw alerts.of(e);
        }
    }

    private void chain(X509Certificate[] chain, String authType, boolean client) throws PeerRefused {
        if (authorities == null) {
            return;
        }
        try {
            authorities.check(chain, authType, client, System.currentTimeMillis());
        } catch (CertificateException e) {
            TlsFailure failure = classify(e);
            // The JDK wraps what it says of the time of a chain: bare it is about what is trusted.
            boolean ofTrusted =
                    e instanceof CertificateExpiredException || e instanceof CertificateNotYetValidException;
            throw new PeerRefused(
                    failure,
                    (ofTrusted ? e.getMessage() : text(failure)) + " (" + subject(chain) + ", trusting "
                            + authorities.name() + ")",
                    forAlert(failure));
        }
    }

    private static TlsFailure classify(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateExpiredException) {
                return TlsFailure.EXPIRED;
            }
            if (cause instanceof CertificateNotYetValidException) {
                return TlsFailure.NOT_YET_VALID;
            }
            if (cause instanceof CertificateRevokedException) {
                return TlsFailure.REVOKED;
            }
            if (cause instanceof CertPathValidatorException path) {
                if (path.getReason() == BasicReason.REVOKED
                        || path.getReason() == BasicReason.UNDETERMINED_REVOCATION_STATUS) {
                    return TlsFailure.REVOKED;
                }
                if (path.getReason() == BasicReason.EXPIRED) {
                    return TlsFailure.EXPIRED;
                }
                if (path.getReason() == BasicReason.INVALID_SIGNATURE) {
                    // By an authority that only has the name of a trusted one.
                    return TlsFailure.UNKNOWN_CA;
                }
            }
            if (cause instanceof CertPathBuilderException && cause.getCause() == null) {
                return TlsFailure.UNKNOWN_CA;
            }
        }
        return TlsFailure.BAD_CERTIFICATE;
    }

    /** The JDK makes the alert of the reason of such an exception, if it is the very cause. */
    private static @Nullable CertPathValidatorException forAlert(TlsFailure failure) {
        BasicReason reason =
                switch (failure) {
                    case EXPIRED -> BasicReason.EXPIRED;
                    case NOT_YET_VALID -> BasicReason.NOT_YET_VALID;
                    case REVOKED -> BasicReason.REVOKED;
                    default -> null;
                };
        return reason == null ? null : new CertPathValidatorException(text(failure), null, null, -1, reason);
    }

    private static String text(TlsFailure failure) {
        return switch (failure) {
            case EXPIRED -> "the certificate has expired";
            case NOT_YET_VALID -> "the certificate is not valid yet";
            case REVOKED -> "the certificate is revoked, or no revocation list tells that it is not";
            case UNKNOWN_CA -> "no trusted authority signed the certificate";
            default -> "the certificate is not good for this";
        };
    }

    private void names(X509Certificate leaf, @Nullable String host) throws PeerRefused {
        List<String> wanted = checks.subjectAltNames();
        if (wanted.isEmpty()) {
            if (host == null) {
                return;
            }
            wanted = List.of(host);
        }
        List<PeerNames.Name> names = PeerNames.of(leaf);
        if (!PeerNames.anyOf(names, wanted)) {
            throw new PeerRefused(
                    TlsFailure.NAME_MISMATCH,
                    names.isEmpty()
                            ? "the certificate has no subjectAltName, and a common name does not count; wanted "
                                    + wanted
                            : "the certificate is for " + names + ", and none of it is among the wanted " + wanted,
                    null);
        }
    }

    private void pins(X509Certificate leaf) throws PeerRefused {
        if (checks.spkiHashes().isEmpty() && checks.certificateHashes().isEmpty()) {
            return;
        }
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            String spki = Base64.getEncoder()
                    .encodeToString(sha256.digest(leaf.getPublicKey().getEncoded()));
            String hash = HexFormat.of().formatHex(sha256.digest(leaf.getEncoded()));
            if (!checks.spkiHashes().contains(spki)
                    && !checks.certificateHashes().contains(hash)) {
                throw new PeerRefused(
                        TlsFailure.PIN_MISMATCH,
                        "neither the certificate's hash " + hash + " nor its key's " + spki + " is listed",
                        null);
            }
        } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
            throw new PeerRefused(TlsFailure.BAD_CERTIFICATE, "the certificate cannot be hashed", e);
        }
    }

    private static String subject(X509Certificate[] chain) {
        return "subject " + chain[0].getSubjectX500Principal() + ", names " + PeerNames.of(chain[0]);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return authorities == null ? NONE : authorities.certificates().toArray(NONE);
    }

    // The forms without an engine know no host; nothing here calls them, and they refuse.

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("only engines are served");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("only engines are served");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("only engines are served");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("only engines are served");
    }
}
