package dev.sluice.config.plan.chain;

import java.util.List;

/**
 * What a peer's certificate must fulfil besides being signed by a trusted authority.
 *
 * @param subjectAltNames one of them must be among its names, exactly (DNS, URI, IP or e-mail); empty: not looked at
 * @param spkiHashes base64 of the SHA-256 of its SubjectPublicKeyInfo
 * @param certificateHashes lower-case hex of the SHA-256 of the certificate, no colons. Of these and {@code spkiHashes} one
 *     hit is enough; both empty: not looked at
 */
public record PeerChecksPlan(List<String> subjectAltNames, List<String> spkiHashes, List<String> certificateHashes) {
    /** Nothing more. */
    public static final PeerChecksPlan NONE = new PeerChecksPlan(List.of(), List.of(), List.of());

    public PeerChecksPlan {
        subjectAltNames = List.copyOf(subjectAltNames);
        spkiHashes = List.copyOf(spkiHashes);
        certificateHashes = List.copyOf(certificateHashes);
    }
}
