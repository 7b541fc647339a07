package dev.sluice.config.source;

import java.nio.file.Path;

/**
 * A file to read.
 *
 * @param path as the user gave it, or below a folder that the user gave
 * @param fingerprint when it was listed
 */
record ConfigFile(Path path, Fingerprint fingerprint) {
    /** As findings name it. */
    String name() {
        return path.toString();
    }
}
