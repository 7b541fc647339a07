package dev.sluice.config.source;

import java.nio.file.Path;

/** A path on the command line that names nothing; the message is one line that names it. */
public final class MissingConfigException extends Exception {
    private static final long serialVersionUID = 1;

    MissingConfigException(Path path) {
        super("no such file or folder: " + path);
    }
}
