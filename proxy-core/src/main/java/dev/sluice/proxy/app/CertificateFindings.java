package dev.sluice.proxy.app;

import dev.sluice.config.crd.read.CrdSet;
import dev.sluice.config.crd.schema.CrdObject;
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

    /**
     * What there is to say of the certificates of a plan.
     *
     * @param set that the plan was made of
     * @param folder of {@code --certs}; null for none
     */
    static List<Finding> of(CrdSet set, ProxyPlan plan, @Nullable Path folder) {
        List<CrdObject> withTls = withTls(set);
        List<Finding> findings = new ArrayList<>();
        for (CertificateReview.Note note : CertificateReview.of(plan, folder, Instant.now())) {
            Location at = Location.of(note.at());
            findings.add(new Finding(
                    at, severity(note.kind()), code(note.kind()), subject(withTls, at), null, note.message()));
        }
        return findings;
    }

    /** The object whose settings of TLS are there: the last one of the file that begins before. */
    private static Subject subject(List<CrdObject> withTls, Location at) {
        CrdObject found = null;
        int line = 0;
        for (CrdObject object : withTls) {
            Location begin = object.at().location();
            if (begin.file().equals(at.file()) && begin.line() <= at.line() && begin.line() >= line) {
                found = object;
                line = begin.line();
            }
        }
        return found == null ? Subject.NONE : found.subject();
    }

    private static List<CrdObject> withTls(CrdSet set) {
        List<CrdObject> objects = new ArrayList<>(set.gateways());
        objects.addAll(set.sidecars());
        objects.addAll(set.destinationRules());
        return objects;
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
