package dev.sluice.proxy.admin;

import dev.sluice.config.validate.Finding;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How reloading stands. Immutable.
 *
 * @param generation loads that took effect, the first is 1
 * @param rejected loads in which something was not put in force as written
 * @param lastMillis wall clock of the last load, milliseconds since the epoch
 * @param findings of the last load; a blocking one keeps the last good version of its object in force
 * @param unbound listeners of the last load that could not be bound, one sentence each
 * @param failure why the last load did not take effect at all; null when it did
 */
public record ReloadStatus(
        long generation,
        long rejected,
        long lastMillis,
        List<Finding> findings,
        List<String> unbound,
        @Nullable String failure) {
    public ReloadStatus {
        findings = List.copyOf(findings);
        unbound = List.copyOf(unbound);
    }

    /** How the last load went. */
    public enum Outcome {
        /** Everything is in force as written. */
        APPLIED("applied"),
        /** The rest is; see findings and unbound. */
        PARTLY("partly applied"),
        /** Nothing of it is; the configuration before it is in force. */
        FAILED("failed");

        private final String text;

        Outcome(String text) {
            this.text = text;
        }

        /** As the admin port shows it. */
        public String text() {
            return text;
        }
    }

    /** The status after the first load, which holds nothing that blocks. */
    public static ReloadStatus first(List<Finding> findings, long nowMillis) {
        return new ReloadStatus(1, 0, nowMillis, findings, List.of(), null);
    }

    /** The status after a load that took effect. */
    public ReloadStatus loaded(List<Finding> newFindings, List<String> newUnbound, long nowMillis) {
        boolean whole = newUnbound.isEmpty() && newFindings.stream().noneMatch(Finding::blocking);
        return new ReloadStatus(generation + 1, rejected + (whole ? 0 : 1), nowMillis, newFindings, newUnbound, null);
    }

    /** The status after a load that did not. */
    public ReloadStatus failed(String why, long nowMillis) {
        return new ReloadStatus(generation, rejected + 1, nowMillis, findings, unbound, why);
    }

    /** How the last load went. */
    public Outcome outcome() {
        if (failure != null) {
            return Outcome.FAILED;
        }
        return unbound.isEmpty() && kept().isEmpty() ? Outcome.APPLIED : Outcome.PARTLY;
    }

    /** What keeps an older version in force. */
    public List<Finding> kept() {
        return findings.stream().filter(Finding::blocking).toList();
    }
}
