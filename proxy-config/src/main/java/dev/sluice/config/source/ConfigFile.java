package dev.sluice.config.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file to read. Its name is kept as text, which findings and plans share with it: a path holds its text twice, and ten
 * thousand of them a megabyte.
 *
 * @param name its path as the user gave it, or below a folder that the user gave; as findings name it
 * @param fingerprint when it was listed
 */
record ConfigFile(String name, Fingerprint fingerprint) {
    ConfigFile(Path path, Fingerprint fingerprint) {
        this(path.toString(), fingerprint);
    }

    // Written out: what a record has by itself is linked at its first use, milliseconds of each start.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ConfigFile file && name.equals(file.name) && fingerprint.equals(file.fingerprint);
    }

    @Override
    public int hashCode() {
        return name.hashCode() * 31 + fingerprint.hashCode();
    }

    /** Where it is. */
    Path path() {
        return Path.of(name);
    }

    /** Whether its last character ends a line; false for an empty file and for one that cannot be read. */
    boolean endsALine() {
        try (SeekableByteChannel channel = Files.newByteChannel(path())) {
            ByteBuffer last = ByteBuffer.allocate(1);
            long size = channel.size();
            return size > 0 && channel.position(size - 1).read(last) == 1 && last.get(0) == '\n';
        } catch (IOException e) {
            return false; // gone or unreadable since it was listed: the load says why
        }
    }
}
