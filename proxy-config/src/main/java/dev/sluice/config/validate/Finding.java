package dev.sluice.config.validate;

import dev.sluice.config.crd.tree.Quote;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One thing about a configuration that a person can act on, and where to act.
 *
 * <p>Immutable; findings order by file, line and column, so that a list of them reads like the folder.
 *
 * @param file path as the user gave it, or {@code --set} for an override from the command line
 * @param line 1-based; 1 where a whole file is meant
 * @param column 1-based, in characters
 * @param severity an error of a {@linkplain #blocking() blocking} code keeps its object out of the running configuration
 * @param code stable: Istio's own ({@code IST0106}) or Sluice's ({@code SLC0001})
 * @param kind of the object, where one is known
 * @param namespace of the object, where one is known
 * @param name of the object, where one is known
 * @param path inside the document, such as {@code spec.http[0].route[1].weight}
 * @param message one sentence that names the value found and what was expected
 */
public record Finding(
        String file,
        int line,
        int column,
        Severity severity,
        String code,
        @Nullable String kind,
        @Nullable String namespace,
        @Nullable String name,
        @Nullable String path,
        String message)
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
        return file + ":" + line + ":" + column + ": " + severity.text() + " " + code + " " + message;
    }

    @Override
    public int compareTo(Finding other) {
        int order = file.compareTo(other.file);
        if (order == 0) {
            order = Integer.compare(line, other.line);
        }
        if (order == 0) {
            order = Integer.compare(column, other.column);
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
