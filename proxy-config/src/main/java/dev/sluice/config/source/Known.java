package dev.sluice.config.source;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds what was read of a file before, by its name: as a rule at the same place of the list, and only where files came or
 * went by a table of all names. Used by one thread for one look.
 */
final class Known {
    private final List<LoadedFile> files;
    private final boolean[] found;
    private @Nullable Map<String, Integer> byName;

    Known(List<LoadedFile> files) {
        this.files = files;
        this.found = new boolean[files.size()];
    }

    /**
     * The file of that name, or null.
     *
     * @param place where it may be
     */
    @Nullable
    LoadedFile find(int place, String name) {
        if (place < files.size() && files.get(place).file().name().equals(name)) {
            found[place] = true;
            return files.get(place);
        }
        if (byName == null) {
            byName = new HashMap<>();
            for (int i = 0; i < files.size(); i++) {
                byName.put(files.get(i).file().name(), i);
            }
        }
        Integer at = byName.get(name);
        if (at == null) {
            return null;
        }
        found[at] = true;
        return files.get(at);
    }

    /** Those that were not asked for, in order. */
    List<LoadedFile> rest() {
        List<LoadedFile> rest = new ArrayList<>();
        for (int i = 0; i < found.length; i++) {
            if (!found[i]) {
                rest.add(files.get(i));
            }
        }
        return rest;
    }
}
