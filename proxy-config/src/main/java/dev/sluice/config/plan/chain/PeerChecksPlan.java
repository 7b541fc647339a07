package dev.sluice.config.plan.chain;

import java.util.List;
import org.jspecify.annotations.Nullable;

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

    // Written out: what a record has by itself is linked at its first use, milliseconds of each start.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PeerChecksPlan plan
                && subjectAltNames.equals(plan.subjectAltNames)
                && spkiHashes.equals(plan.spkiHashes)
                && certificateHashes.equals(plan.certificateHashes);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * subjectAltNames.hashCode() + spkiHashes.hashCode()) + certificateHashes.hashCode();
    }
}
