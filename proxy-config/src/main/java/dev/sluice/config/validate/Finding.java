package dev.sluice.config.validate;

import dev.sluice.config.crd.tree.Location;
import dev.sluice.config.crd.tree.Quote;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One thing about a configuration that a person can act on, and where to act.
 *
 * <p>Immutable; findings order by file, line and column, so that a list of them reads like the folder.
 *
 * @param at where: line 1 for a whole file, file {@code --set} for an override from the command line
 * @param severity an error of a {@linkplain #blocking() blocking} code keeps its object out of the running configuration
 * @param code stable: Istio's own ({@code IST0106}) or Sluice's ({@code SLC0001})
 * @param about the object
 * @param path inside the document, such as {@code spec.http[0].route[1].weight}
 * @param message one sentence that names the value found and what was expected
 */
public record Finding(Location at, Severity severity, String code, Subject about, @Nullable String path, String message)
        implements Comparable<Finding> {
    /** The text cannot be read or parsed; nothing of the file is used. */
    public static final String UNPARSABLE = "SLC0001";

    /** Refused by Istio's CRD schemas or by its validation of one document. */
    public static final String INVALID = "IST0106";

    /** A kind whose silent absence would open access or change traffic. */
    public static final String REFUSED_KIND = "SLC0201";

    /** A kind that has no part in Sluice's work; a notice. */
    public static final String OTHER_KIND = "SLC0202";

    /** Names of objects come from outside: none may steer a terminal or end a line of a log. */
    public Finding {
        message = Quote.clean(message);
    }

    /**
     * The object that a finding is about; null for what is not known of it.
     *
     * @param kind such as {@code VirtualService}
     * @param namespace as far as the kind has one
     * @param name its own
     */
    public record Subject(@Nullable String kind, @Nullable String namespace, @Nullable String name) {
        /** No object: a file, or the configuration as a whole. */
        public static final Subject NONE = new Subject(null, null, null);

        /** The mesh's settings, of which there is one. */
        public static final Subject MESH = new Subject("MeshConfig", null, null);
    }

    /** How much it matters. */
    public enum Severity {
        ERROR,
        WARNING,
        INFO;

        /** As {@code check} prints it, in text and JSON. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Whether this refuses {@code run} at start and, on reload, keeps the object's last good version in force. */
    public boolean blocking() {
        return severity == Severity.ERROR
                && (code.equals(UNPARSABLE) || code.equals(INVALID) || code.equals(REFUSED_KIND));
    }

    /** {@code file:line:col: error CODE message}: the line that {@code check} prints. */
    public String text() {
        return Quote.clean(at.toString()) + ": " + severity.text() + " " + code + " " + message;
    }

    /** Sorts findings; what stands at one place only, but by aliases is in several, is told once. */
    static List<Finding> inOrder(List<Finding> findings) {
        Collections.sort(findings);
        List<Finding> once = new ArrayList<>(findings.size());
        for (Finding finding : findings) {
            if (once.isEmpty() || !finding.equals(once.get(once.size() - 1))) {
                once.add(finding);
            }
        }
        return once;
    }

    @Override
    public int compareTo(Finding other) {
        int order = at.file().compareTo(other.at.file());
        if (order == 0) {
            order = Integer.compare(at.line(), other.at.line());
        }
        if (order == 0) {
            order = Integer.compare(at.column(), other.at.column());
        }
        if (order == 0) {
            order = severity.compareTo(other.severity);
        }
        if (order == 0) {
            order = code.compareTo(other.code);
        }
        return order != 0 ? order : message.compareTo(other.message);
    }

    @Override
    public String toString() {
        return text();
    }
}
