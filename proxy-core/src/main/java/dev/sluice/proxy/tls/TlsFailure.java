package dev.sluice.proxy.tls;

import java.util.Locale;

/** Why a handshake came to nothing; the {@code reason} of {@code sluice_tls_handshake_failures_total}. */
public enum TlsFailure {
    /** No authority that is trusted signed the peer's certificate. */
    UNKNOWN_CA,
    /** The peer's certificate, or one of its chain, is past its time. */
    EXPIRED,
    /** It is not valid yet. */
    NOT_YET_VALID,
    /** A list says that it was revoked, or no list tells. */
    REVOKED,
    /** None of its names is one that is asked for. */
    NAME_MISMATCH,
    /** Neither its key nor itself is one that is pinned. */
    PIN_MISMATCH,
    /** It is not good in another way: its purpose, its algorithms, its form. */
    BAD_CERTIFICATE,
    /** The peer showed none. */
    NO_PEER_CERTIFICATE,
    /** The peer refused, and said so by an alert. */
    PEER_ALERT,
    /** No version, cipher suite or protocol in common, or bytes that are no TLS. */
    PROTOCOL,
    /** Not done in time. */
    TIMEOUT,
    /** The peer went away in the middle. */
    CLOSED,
    /** No chain of the listener takes the server name. */
    NO_CHAIN,
    /** This side has no usable certificate. */
    NO_OWN_CERTIFICATE;

    /** As metrics and logs write it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
