package dev.sluice.config.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file to read.
 *
 * @param path as the user gave it, or below a folder that the user gave
 * @param fingerprint when it was listed
 */
record ConfigFile(Path path, Fingerprint fingerprint) {
    // Written out: what a record has by itself is linked at its first use, milliseconds of each start.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ConfigFile file && path.equals(file.path) && fingerprint.equals(file.fingerprint);
    }

    @Override
    public int hashCode() {
        return path.hashCode() * 31 + fingerprint.hashCode();
    }

    /** As findings name it. */
    String name() {
        return path.toString();
    }

    /** Whether its last character ends a line; false for an empty file and for one that cannot be read. */
    boolean endsALine() {
        try (SeekableByteChannel channel = Files.newByteChannel(path)) {
            ByteBuffer last = ByteBuffer.allocate(1);
            long size = channel.size();
            return size > 0 && channel.position(size - 1).read(last) == 1 && last.get(0) == '\n';
        } catch (IOException e) {
            return false; // gone or unreadable since it was listed: the load says why
        }
    }
}
