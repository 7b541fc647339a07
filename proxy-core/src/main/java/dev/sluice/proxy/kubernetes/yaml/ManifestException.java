package dev.sluice.proxy.kubernetes.yaml;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;

/** A manifest that cannot be worked on; the message is for its author. */
public final class ManifestException extends Exception {
    public ManifestException(String message) {
        super(message);
    }

    ManifestException(String message, Throwable cause) {
        super(message, cause);
    }

    /** At a place of the document; the file's name is the caller's to say. */
    static ManifestException at(@Nullable Mark mark, String message) {
        return new ManifestException(
                mark == null ? message : (mark.getLine() + 1) + ":" + (mark.getColumn() + 1) + ": " + message);
    }
}
