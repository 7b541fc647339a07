package dev.sluice.proxy.tls;

import dev.sluice.config.plan.ClusterPlan;
import dev.sluice.config.plan.ListenerPlan;
import dev.sluice.config.plan.ProxyPlan;
import dev.sluice.config.plan.SourceRef;
import dev.sluice.config.plan.chain.CaPlan;
import dev.sluice.config.plan.chain.ChainPlan;
import dev.sluice.config.plan.chain.ClientTlsPlan;
import dev.sluice.config.plan.chain.CredentialPlan;
import dev.sluice.config.plan.chain.ServerTlsPlan;
import dev.sluice.proxy.tls.pem.CredentialException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the certificates that a plan names, as {@code check} does: puts none in force. What is here must be usable; of
 * what is not it is said that nobody looked, for the proxy may run on another machine. Each credential is told of once,
 * where it is used first. Blocks; used by one thread.
 */
public final class CertificateReview {
    /** As long before its end a certificate is worth a warning: a third of the life of the common ones. */
    static final Duration SOON = Duration.ofDays(30);

    private final CredentialStore store;
    private final boolean folderGiven;
    private final Instant now;
    private final Set<Object> seen = new HashSet<>();
    private final List<Note> notes = new ArrayList<>();

    /**
     * Something to be said.
     *
     * @param at where the settings of TLS name the certificate
     */
    public record Note(SourceRef at, Kind kind, String message) {}

    /** What is the matter with a certificate. */
    public enum Kind {
        /** Refused by this proxy or by its peers: broken, or not in its time. */
        UNUSABLE,
        /** Good for a while only. */
        EXPIRES,
        /** Neither in the folder of {@code --certs} nor among the Secrets: a proxy with the same folder has none. */
        MISSING,
        /** On another machine, or in a folder that was not named: nobody looked. */
        UNSEEN
    }

    private CertificateReview(CredentialStore store, boolean folderGiven, Instant now) {
        this.store = store;
        this.folderGiven = folderGiven;
        this.now = now;
    }

    /**
     * What there is to say, of listeners in the order of the plan, then of clusters by name.
     *
     * @param folder of {@code --certs}; null for none
     */
    public static List<Note> of(ProxyPlan plan, @Nullable Path folder, Instant now) {
        CredentialStore store = new CredentialStore(folder);
        store.secrets(plan.secrets());
        CertificateReview review = new CertificateReview(store, folder != null, now);
        for (ListenerPlan listener : plan.listeners()) {
            for (ChainPlan chain : listener.traffic().chains()) {
                ServerTlsPlan tls = chain.tls();
                if (tls != null) {
                    tls.certificates().forEach(credential -> review.pair(credential, tls.at()));
                    review.authorities(tls.ca(), tls.at());
                }
            }
        }
        // A plan's clusters have no order, and a credential that two of them name is told where it was the time before.
        List<ClusterPlan> clusters = plan.clusters().values().stream()
                .sorted(Comparator.comparing(cluster -> cluster.key().envoyName()))
                .toList();
        for (ClusterPlan cluster : clusters) {
            ClientTlsPlan tls = cluster.connect().tls();
            if (tls != null) {
                review.pair(tls.certificate(), tls.at());
                review.authorities(tls.ca(), tls.at());
            }
        }
        return review.notes;
    }

    private void pair(@Nullable CredentialPlan plan, SourceRef at) {
        if (plan == null || !seen.add(plan)) {
            return;
        }
        if (!store.isHere(plan)) {
            if (plan instanceof CredentialPlan.Named named) {
                absent(named, "tls.crt and tls.key", at);
            } else {
                unseen(plan.toString(), at);
            }
            return;
        }
        try {
            Credential credential = store.credential(plan);
            for (X509Certificate certificate : credential.chain()) {
                time(credential.name(), certificate, at);
            }
        } catch (CredentialException e) {
            notes.add(new Note(at, Kind.UNUSABLE, String.valueOf(e.getMessage())));
        }
    }

    private void authorities(@Nullable CaPlan plan, SourceRef at) {
        if (plan == null || plan.isSystem() || !seen.add(plan)) {
            return;
        }
        if (!store.isHere(plan)) {
            if (plan.file() != null) {
                unseen(plan.file(), at);
            } else if (plan.credential() != null && seen.add(plan.credential())) {
                // Once: where its pair is not here either, that has been told.
                absent(plan.credential(), "ca.crt", at);
            }
            return;
        }
        try {
            TrustedAuthorities authorities = store.authorities(plan);
            for (X509Certificate certificate : authorities.certificates()) {
                time(authorities.name(), certificate, at);
            }
        } catch (CredentialException e) {
            notes.add(new Note(at, Kind.UNUSABLE, String.valueOf(e.getMessage())));
        }
    }

    private void absent(CredentialPlan.Named named, String files, SourceRef at) {
        String name = named.name();
        if (folderGiven) {
            notes.add(new Note(
                    at,
                    Kind.MISSING,
                    name + ": neither a folder " + name + " in --certs nor a Secret " + named
                            + " is there; TLS with it fails until one is"));
        } else {
            notes.add(new Note(
                    at,
                    Kind.UNSEEN,
                    name + ": not looked at, for no Secret " + named
                            + " is among the files; name the folder that has " + name + "/ with " + files
                            + " by --certs"));
        }
    }

    private void unseen(String file, SourceRef at) {
        notes.add(new Note(
                at, Kind.UNSEEN, file + ": not looked at, for there is no such file here; check where the proxy runs"));
    }

    private void time(String name, X509Certificate certificate, SourceRef at) {
        String said = said(certificate, now);
        if (said != null) {
            boolean valid = now.isBefore(certificate.getNotAfter().toInstant())
                    && !now.isBefore(certificate.getNotBefore().toInstant());
            notes.add(new Note(
                    at,
                    valid ? Kind.EXPIRES : Kind.UNUSABLE,
                    name + ": the certificate of " + certificate.getSubjectX500Principal() + " " + said));
        }
    }

    /** The time of a certificate as the end of a sentence about it; null while there is nothing to say. */
    static @Nullable String said(X509Certificate certificate, Instant now) {
        Instant begin = certificate.getNotBefore().toInstant();
        Instant end = certificate.getNotAfter().toInstant();
        if (now.isBefore(begin)) {
            return "is not valid before " + begin;
        }
        if (!now.isBefore(end)) {
            return "expired " + days(Duration.between(end, now)) + " ago, on " + end;
        }
        Duration left = Duration.between(now, end);
        return left.compareTo(SOON) < 0 ? "expires in " + days(left) + ", on " + end : null;
    }

    private static String days(Duration time) {
        long days = time.toDays();
        return days == 0 ? "less than a day" : days == 1 ? "1 day" : days + " days";
    }
}
