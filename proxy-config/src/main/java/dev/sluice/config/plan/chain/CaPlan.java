package dev.sluice.config.plan.chain;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whom to trust to sign certificates.
 *
 * @param file path of PEM certificates; null where it is by credential, or the system's
 * @param credential whose {@code ca.crt} it is, unless there is a credential of that name with {@code -cacert} appended, which
 *     then counts; null where it is by file, or the system's
 * @param crlFile path of PEM revocation lists; null for none, or the credential's own {@code ca.crl}
 */
public record CaPlan(@Nullable String file, CredentialPlan.@Nullable Named credential, @Nullable String crlFile) {
    /** What the operating system, or else the Java runtime, trusts. */
    public static final CaPlan SYSTEM = new CaPlan(null, null, null);

    /** Whether nothing of its own is named. */
    public boolean isSystem() {
        return file == null && credential == null;
    }

    // Written out: what a record has by itself is linked at its first use, milliseconds of each start.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CaPlan plan
                && Objects.equals(file, plan.file)
                && Objects.equals(credential, plan.credential)
                && Objects.equals(crlFile, plan.crlFile);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * Objects.hashCode(file) + Objects.hashCode(credential)) + Objects.hashCode(crlFile);
    }
}
