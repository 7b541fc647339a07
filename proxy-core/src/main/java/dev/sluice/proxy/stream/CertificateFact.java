package dev.sluice.proxy.stream;

/** What is told of a certificate, in the words of Envoy's command operators. */
public enum CertificateFact {
    /** As RFC 2253 writes it. */
    SUBJECT,
    /** As RFC 2253 writes it. */
    ISSUER,
    /** Hexadecimal, two digits a byte. */
    SERIAL,
    /** By SHA-256, hexadecimal. */
    FINGERPRINT_256,
    /** By SHA-1, hexadecimal. */
    FINGERPRINT_1,
    /** All of it: PEM, percent-encoded. */
    CERT,
    /** Its URIs, joined with commas, as are its other names. */
    URI_SAN,
    DNS_SAN,
    IP_SAN,
    EMAIL_SAN
}
