package dev.sluice.config.source;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The files of a configuration at one moment. Two equal listings have, but for writes within one tick of the clock, the
 * same content.
 *
 * @param files in the order of the arguments, inside a folder by name
 * @param unreadable paths that could not be looked at, each with the reason; what was read below them stays
 * @param missing arguments that name nothing
 * @param folders where a change may show: every folder walked, and those that hold an argument or a link
 */
record Listing(List<ConfigFile> files, Map<Path, String> unreadable, List<Path> missing, Set<Path> folders) {
    Listing {
        files = List.copyOf(files);
        unreadable = Map.copyOf(unreadable);
        missing = List.copyOf(missing);
        folders = Set.copyOf(folders);
    }

    /** This listing of the paths of {@code before}, with its objects where they say the same: only one of two is kept. */
    Listing after(Listing before) {
        List<ConfigFile> kept = new ArrayList<>(before.files);
        for (int i = 0; i < kept.size(); i++) {
            if (!kept.get(i).equals(files.get(i))) {
                kept.set(i, files.get(i));
            }
        }
        return new Listing(kept, unreadable, missing, folders);
    }
}
