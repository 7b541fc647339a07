package dev.sluice.proxy.tls;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A certificate that is in force, or should be.
 *
 * @param name credential or file
 * @param usedBy what it is for, such as a chain's name
 * @param subject its subject; empty where none could be read
 * @param names it is for
 * @param notBefore null where none could be read
 * @param notAfter when the first certificate of its chain expires; null where none could be read
 * @param problem why a newer one is not in force; null when all is well
 */
public record CertificateStatus(
        String name,
        String usedBy,
        String subject,
        List<String> names,
        @Nullable Instant notBefore,
        @Nullable Instant notAfter,
        @Nullable String problem) {}
