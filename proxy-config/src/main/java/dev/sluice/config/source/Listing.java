package dev.sluice.config.source;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The files of a configuration at one moment. Two equal listings have, but for writes within one tick of the clock, the
 * same content.
 *
 * @param files in the order of the arguments, inside a folder by name
 * @param unreadable paths that could not be looked at, each with the reason; what was read below them stays
 * @param missing arguments that name nothing
 * @param folders where a change may show: every folder walked, and those that hold an argument or a link
 */
record Listing(List<ConfigFile> files, Map<Path, String> unreadable, List<Path> missing, Map<Path, Interest> folders) {
    /** What in a folder may be a change. */
    enum Interest {
        /** Only what comes, goes and is renamed: it holds a folder that is an argument, and perhaps a log that is written all the time. */
        ENTRIES,
        /** Also what is written into its files. */
        WRITES
    }

    Listing {
        files = List.copyOf(files);
        unreadable = Map.copyOf(unreadable);
        missing = List.copyOf(missing);
        folders = Map.copyOf(folders);
    }

    /**
     * This listing, with the objects of what was read where they say the same: only one of two is kept.
     *
     * @param read the files of this listing in its order, and perhaps others
     */
    Listing of(List<LoadedFile> read) {
        List<ConfigFile> kept = new ArrayList<>(files);
        for (int i = 0; i < kept.size(); i++) {
            if (kept.get(i).equals(read.get(i).file())) {
                kept.set(i, read.get(i).file());
            }
        }
        return new Listing(kept, unreadable, missing, folders);
    }

    // Written out: what a record has by itself is linked at its first use, milliseconds of each start.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Listing listing
                && files.equals(listing.files)
                && unreadable.equals(listing.unreadable)
                && missing.equals(listing.missing)
                && folders.equals(listing.folders);
    }

    @Override
    public int hashCode() {
        return Objects.hash(files, unreadable, missing, folders);
    }
}
