package dev.sluice.config.source;

import dev.sluice.config.source.Listing.Interest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The system's news that something in a folder changed; how it changed is for a look to find out. Only a quicker way than
 * looking regularly: where the system gives no events (its limit on watches is reached, the file system has none)
 * nothing is lost but time.
 */
final class FileEvents implements AutoCloseable {
    private static final WatchEvent.Kind<?>[] ENTRIES = {
        StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_DELETE
    };
    private static final WatchEvent.Kind<?>[] WRITES = {
        StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY, StandardWatchEventKinds.ENTRY_DELETE
    };

    private final Consumer<Set<Path>> onChange;
    private final Map<Path, Watched> watched = new HashMap<>();
    private final @Nullable WatchService service;

    /**
     * @param onChange called on this object's own thread after every batch of events, with the paths that they are about;
     *     with none where that is not known
     */
    FileEvents(Consumer<Set<Path>> onChange) {
        this.onChange = onChange;
        this.service = open();
        if (service != null) {
            WatchService opened = service;
            Thread thread = new Thread(() -> pump(opened), "sluice-config-events");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private static @Nullable WatchService open() {
        try {
            return FileSystems.getDefault().newWatchService();
        } catch (IOException | UnsupportedOperationException e) {
            return null; // no events on this system, or no more instances of inotify: the regular look does it
        }
    }

    /** A folder that is watched, and for what. */
    private record Watched(WatchKey key, Interest interest) {}

    /** Watches these folders from now on, and no others. */
    synchronized void watch(Map<Path, Interest> folders) {
        if (service == null) {
            return;
        }
        for (Iterator<Map.Entry<Path, Watched>> i = watched.entrySet().iterator(); i.hasNext(); ) {
            Map.Entry<Path, Watched> entry = i.next();
            WatchKey key = entry.getValue().key();
            // A key is invalid once its folder was deleted; a new folder of that name needs a new one.
            if (!folders.containsKey(entry.getKey()) || !key.isValid()) {
                key.cancel();
                i.remove();
            }
        }
        folders.forEach((folder, interest) -> {
            Watched known = watched.get(folder);
            // Registered again, a folder keeps its key and is watched for what is asked for last.
            WatchKey key = known != null && known.interest() == interest ? null : register(service, folder, interest);
            if (key != null) {
                watched.put(folder, new Watched(key, interest));
            }
        });
    }

    private static @Nullable WatchKey register(WatchService service, Path folder, Interest interest) {
        try {
            return folder.register(service, interest == Interest.ENTRIES ? ENTRIES : WRITES);
        } catch (IOException | ClosedWatchServiceException e) {
            return null; // gone already, or the limit on watches is reached: the regular look does it
        }
    }

    private void pump(WatchService from) {
        try {
            while (true) {
                WatchKey key = from.take();
                Set<Path> paths = paths(key);
                onChange.accept(key.reset() ? paths : Set.of());
            }
        } catch (InterruptedException | ClosedWatchServiceException e) {
            return; // closed: nobody listens any more
        }
    }

    private static Set<Path> paths(WatchKey key) {
        Set<Path> paths = new HashSet<>();
        boolean known = true;
        for (WatchEvent<?> event : key.pollEvents()) {
            if (event.context() instanceof Path name && key.watchable() instanceof Path folder) {
                paths.add(folder.resolve(name));
            } else {
                known = false; // more events than the system keeps
            }
        }
        return known ? paths : Set.of();
    }

    @Override
    public void close() {
        if (service != null) {
            try {
                service.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
