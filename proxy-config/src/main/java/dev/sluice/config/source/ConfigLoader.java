package dev.sluice.config.source;

import dev.sluice.config.crd.mesh.MeshOverrides;
import dev.sluice.config.crd.read.CrdReader;
import dev.sluice.config.validate.Finding;
import dev.sluice.config.validate.Finding.Severity;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Loads a configuration, and loads it again: only files that changed are read, only bytes that changed are parsed, and
 * what cannot be read or is invalid leaves what it was before in force ({@link LastGood}).
 *
 * <p>Safe for several threads, which wait for one another.
 */
public final class ConfigLoader {
    /** Fewer files are read sooner than other threads are woken. */
    private static final int MANY = 64;

    private final List<Path> arguments;
    private final CrdReader reader;
    private final ObjectCheck check;
    private final MeshOverrides overrides;
    private final LastGood lastGood = new LastGood();

    /** Every file read, in the order of the listing. */
    private Map<Path, LoadedFile> loaded = new LinkedHashMap<>();

    private @Nullable Listing listing;

    /**
     * @param arguments files and folders, at least one
     * @param reader reads one file
     * @param check validation's rules of one document
     * @param overrides {@code --set}
     */
    public ConfigLoader(List<Path> arguments, CrdReader reader, ObjectCheck check, MeshOverrides overrides) {
        this.arguments = List.copyOf(arguments);
        this.reader = reader;
        this.check = check;
        this.overrides = overrides;
    }

    /**
     * Loads for the first time.
     *
     * @throws MissingConfigException when an argument names nothing
     */
    public synchronized LoadResult load() throws MissingConfigException {
        Listing now = list();
        if (!now.missing().isEmpty()) {
            throw new MissingConfigException(now.missing().get(0));
        }
        read(now);
        return assemble(now);
    }

    /** Loads again, whether anything changed or not. */
    public synchronized LoadResult reload() {
        Listing now = list();
        read(now);
        return assemble(now);
    }

    /** The files as they are now. */
    Listing list() {
        return ConfigFiles.list(arguments);
    }

    /** Whether {@code now} is not what was loaded last, or may not be: some file is too fresh to be sure. */
    synchronized boolean outdated(Listing now) {
        return !now.equals(listing) || loaded.values().stream().anyMatch(file -> !file.settled());
    }

    /** Loads what changed, if anything did; null when the files say what they said. */
    synchronized @Nullable LoadResult update(Listing now) {
        Listing before = listing;
        boolean sameFiles = before != null
                && before.unreadable().equals(now.unreadable())
                && before.missing().equals(now.missing());
        return read(now) || !sameFiles ? assemble(now) : null;
    }

    /** Reads the files that changed; whether any says something else than before, came or went. */
    private boolean read(Listing now) {
        Map<Path, LoadedFile> next = new LinkedHashMap<>();
        boolean changed = false;
        List<LoadedFile> read = readAll(now.files());
        for (int i = 0; i < read.size(); i++) {
            Path path = now.files().get(i).path();
            LoadedFile before = loaded.get(path);
            changed |= before == null || !before.saysTheSame(read.get(i));
            next.put(path, read.get(i));
        }
        for (Map.Entry<Path, LoadedFile> before : loaded.entrySet()) {
            if (!next.containsKey(before.getKey())) {
                if (unreachable(now, before.getKey())) {
                    next.put(before.getKey(), before.getValue());
                } else {
                    changed = true;
                }
            }
        }
        loaded = next;
        listing = now;
        return changed;
    }

    /** In the order of {@code files}; what did not change is what it was. Many that did are read on all cores. */
    private List<LoadedFile> readAll(List<ConfigFile> files) {
        long outdated = files.stream().filter(file -> !isCurrent(file)).count();
        Stream<ConfigFile> stream = outdated < MANY ? files.stream() : files.parallelStream();
        return stream.map(this::read).toList();
    }

    private boolean isCurrent(ConfigFile file) {
        LoadedFile before = loaded.get(file.path());
        return before != null && before.current(file);
    }

    private LoadedFile read(ConfigFile file) {
        LoadedFile before = loaded.get(file.path());
        return before != null && before.current(file) ? before : LoadedFile.read(file, before, reader, check);
    }

    /** A folder that cannot be looked into, or that is gone as a whole (a lost mount), keeps what was read below it. */
    private static boolean unreachable(Listing now, Path path) {
        return now.unreadable().keySet().stream().anyMatch(path::startsWith)
                || now.missing().stream().anyMatch(lost -> path.startsWith(lost) && !path.equals(lost));
    }

    private LoadResult assemble(Listing now) {
        List<Finding> findings = new ArrayList<>(overrides.findings());
        now.unreadable()
                .forEach((path, reason) -> findings.add(about(path, Severity.ERROR, "cannot be read: " + reason)));
        for (Path path : now.missing()) {
            boolean kept = loaded.keySet().stream().anyMatch(file -> file.startsWith(path));
            findings.add(about(
                    path,
                    kept ? Severity.ERROR : Severity.WARNING,
                    kept
                            ? "folder is gone; what was read of it stays in force"
                            : "file is gone, and with it its objects"));
        }
        return lastGood.apply(loaded.values(), findings, overrides);
    }

    private static Finding about(Path path, Severity severity, String message) {
        return new Finding(path.toString(), 1, 1, severity, Finding.UNPARSABLE, null, null, null, null, message);
    }
}
