package dev.sluice.proxy.app;

import dev.sluice.config.crd.tree.Location;
import dev.sluice.config.plan.ProxyPlan;
import dev.sluice.config.validate.Finding;
import dev.sluice.config.validate.Finding.Severity;
import dev.sluice.config.validate.Finding.Subject;
import dev.sluice.proxy.tls.CertificateReview;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code check} says of the certificates that a configuration names. */
final class CertificateFindings {
    /** It cannot be used, or is past its time. */
    static final String UNUSABLE = "SLC0117";

    /** It will be past its time before long. */
    static final String EXPIRES = "SLC0118";

    /** It was not looked at, because it is not here. */
    static final String ABSENT = "SLC0119";

    private CertificateFindings() {}

    /** @param folder of {@code --certs}; null for none */
    static List<Finding> of(ProxyPlan plan, @Nullable Path folder) {
        List<Finding> findings = new ArrayList<>();
        for (CertificateReview.Note note : CertificateReview.of(plan, folder, Instant.now())) {
            findings.add(new Finding(
                    Location.of(note.at()),
                    severity(note.kind()),
                    code(note.kind()),
                    Subject.NONE,
                    null,
                    note.message()));
        }
        return findings;
    }

    private static Severity severity(CertificateReview.Kind kind) {
        return switch (kind) {
            case UNUSABLE -> Severity.ERROR;
            case EXPIRES, MISSING -> Severity.WARNING;
            case UNSEEN -> Severity.INFO;
        };
    }

    private static String code(CertificateReview.Kind kind) {
        return switch (kind) {
            case UNUSABLE -> UNUSABLE;
            case EXPIRES -> EXPIRES;
            case MISSING, UNSEEN -> ABSENT;
        };
    }
}
