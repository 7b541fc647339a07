package dev.sluice.config.source;

import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What tells without reading that a file may have changed: its size, its time and, behind whatever link, its inode.
 *
 * @param size in bytes
 * @param modified nanoseconds since the epoch
 * @param inode the file's own key; null where the file system has none
 */
record Fingerprint(long size, long modified, @Nullable Object inode) {
    /** Times are as coarse as the kernel's tick: a second write within one leaves time and size as they were. */
    private static final long COARSENESS_MILLIS = 2_000;

    static Fingerprint of(BasicFileAttributes attributes) {
        return new Fingerprint(
                attributes.size(), attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS), attributes.fileKey());
    }

    /** Whether this is the very file of {@code before}, with less in it. */
    boolean isShorter(Fingerprint before) {
        return size < before.size && Objects.equals(inode, before.inode);
    }

    // Written out: what a record has by itself is linked at its first use, milliseconds of each start.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Fingerprint print
                && size == print.size
                && modified == print.modified
                && Objects.equals(inode, print.inode);
    }

    @Override
    public int hashCode() {
        return Objects.hash(size, modified, inode);
    }

    /** Whether a write after {@code nowMillis} is sure to show; until then only the content can tell. */
    boolean settled(long nowMillis) {
        return nowMillis - TimeUnit.NANOSECONDS.toMillis(modified) > COARSENESS_MILLIS;
    }
}
