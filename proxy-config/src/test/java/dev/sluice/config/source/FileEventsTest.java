package dev.sluice.config.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.sluice.config.source.Listing.Interest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the system's events tell of a folder. */
class FileEventsTest {
    @TempDir
    private Path folder;

    private final BlockingQueue<Set<Path>> told = new LinkedBlockingQueue<>();

    @Test
    void whoWatchesEntriesHearsOfNoWrites() throws Exception {
        Path log = Files.writeString(folder.resolve("access.log"), "");
        try (FileEvents events = new FileEvents(told::add)) {
            events.watch(Map.of(folder, Interest.ENTRIES));
            write(log);
            Path first = Files.writeString(folder.resolve("first"), "x");
            assertEquals(Set.of(first), toldUntil(first));

            events.watch(Map.of(folder, Interest.WRITES));
            write(log);
            Path second = Files.writeString(folder.resolve("second"), "x");
            assertEquals(Set.of(log, second), toldUntil(second));
        }
    }

    private static void write(Path log) throws IOException {
        Files.writeString(log, "line\n", StandardOpenOption.APPEND);
    }

    /** All that was told until {@code last} was; the system tells in the order in which things happened. */
    private Set<Path> toldUntil(Path last) throws InterruptedException {
        Set<Path> all = new LinkedHashSet<>();
        while (!all.contains(last)) {
            Set<Path> next = told.poll(60, TimeUnit.SECONDS);
            assertNotNull(next, "nothing was told of " + last);
            all.addAll(next);
        }
        return all;
    }
}
