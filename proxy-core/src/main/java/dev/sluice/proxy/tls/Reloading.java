package dev.sluice.proxy.tls;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sluice.config.plan.chain.CaPlan;
import dev.sluice.config.plan.chain.CredentialPlan;
import dev.sluice.proxy.log.Logs;
import dev.sluice.proxy.tls.pem.CredentialException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * TLS of one kind whose certificates are read anew when they change. What cannot be used leaves what was before in force,
 * is logged once and counted. A first failure is looked at again before it is told: a pair is two files, and in between
 * they do not match.
 *
 * <p>Read by event loops; changed by the configuration thread and the watching one, one at a time.
 */
abstract class Reloading {
    private static final Logger LOG = Logs.of(Reloading.class);

    private final String name;
    private final CredentialStore store;
    private final TlsCounters counters;
    private final List<CredentialPlan> credentials;
    private final @Nullable CaPlan ca;
    private @Nullable Object seen;
    private boolean failed;
    private boolean everInForce;
    private volatile @Nullable String problem;
    private volatile List<Credential> inForce = List.of();

    Reloading(
            String name,
            CredentialStore store,
            TlsCounters counters,
            List<CredentialPlan> credentials,
            @Nullable CaPlan ca) {
        this.name = name;
        this.store = store;
        this.counters = counters;
        this.credentials = credentials;
        this.ca = ca;
    }

    /** Puts what was read in force for handshakes from now on. */
    abstract void use(List<Credential> read, @Nullable TrustedAuthorities authorities) throws SSLException;

    /**
     * Reads again if something has changed.
     *
     * @param atOnce whether a failure is final: at start and with a new configuration
     * @return whether other certificates are in force
     */
    @CanIgnoreReturnValue
    final synchronized boolean refresh(boolean atOnce) {
        Object now = stamp();
        if (now.equals(seen) && !(failed && problem == null)) {
            return false;
        }
        boolean first = seen == null;
        seen = now;
        try {
            List<Credential> read = new ArrayList<>();
            for (CredentialPlan plan : credentials) {
                read.add(store.credential(plan));
            }
            use(read, ca == null ? null : store.authorities(ca));
            inForce = List.copyOf(read);
            everInForce = true;
            failed = false;
            problem = null;
            if (!first) {
                LOG.log(Level.INFO, name + ": new certificates are in force: " + read);
            }
            tellOfTime(read);
            return true;
        } catch (CredentialException | SSLException e) {
            if (!failed && !atOnce) {
                failed = true;
                return false;
            }
            failed = true;
            problem = e.getMessage();
            counters.loadFailed();
            LOG.log(
                    Level.ERROR,
                    name + ": " + e.getMessage()
                            + (everInForce
                                    ? "; what was in force before stays"
                                    : "; handshakes are refused until that is mended"));
            return false;
        }
    }

    /** What is past its time is served all the same: who asks decides, and a clock may be wrong. */
    private void tellOfTime(List<Credential> read) {
        Instant now = Instant.now();
        for (Credential credential : read) {
            for (X509Certificate certificate : credential.chain()) {
                String said = CertificateReview.said(certificate, now);
                if (said != null) {
                    LOG.log(
                            Level.WARNING,
                            name + ": " + credential.name() + ": the certificate of "
                                    + certificate.getSubjectX500Principal() + " " + said);
                }
            }
        }
    }

    private Object stamp() {
        List<Object> stamps = new ArrayList<>();
        if (credentials.isEmpty()) {
            stamps.add(store.stamp(null, ca));
        }
        for (CredentialPlan plan : credentials) {
            stamps.add(store.stamp(plan, ca));
        }
        return stamps;
    }

    /** For logs and the admin port. */
    final String name() {
        return name;
    }

    /** Why the newest certificates are not in force; null when they are. */
    final @Nullable String problem() {
        return problem;
    }

    /** The pairs in force. */
    final List<Credential> inForce() {
        return inForce;
    }

    /** Frees what is native. */
    abstract void close();
}
