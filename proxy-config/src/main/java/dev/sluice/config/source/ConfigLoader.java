package dev.sluice.config.source;

import dev.sluice.config.crd.VirtualService;
import dev.sluice.config.crd.mesh.MeshOverrides;
import dev.sluice.config.crd.read.CrdReader;
import dev.sluice.config.validate.Finding;
import dev.sluice.config.validate.Finding.Severity;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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
    /** The trees of smaller configurations are nobody's trouble. */
    private static final long LARGE_BYTES = 256 * 1024;

    private final List<Path> arguments;
    private final LoadedFile.Reading reading;
    private final Set<SourceFile> opened = Collections.synchronizedSet(new HashSet<>());
    private final MeshOverrides overrides;
    private final LastGood lastGood = new LastGood();

    /** Every file read, in the order of the listing. */
    private Map<Path, LoadedFile> loaded = new LinkedHashMap<>();

    /** Files whose fingerprints cannot be trusted yet. */
    private final Set<Path> unsettled = new HashSet<>();
    /** Files that were read since the last release. */
    private final Set<Path> fresh = new HashSet<>();

    private @Nullable Listing listing;

    /**
     * @param arguments files and folders, at least one
     * @param reader reads one file
     * @param check validation's rules of one document
     * @param overrides {@code --set}
     */
    public ConfigLoader(List<Path> arguments, CrdReader reader, ObjectCheck check, MeshOverrides overrides) {
        this.arguments = List.copyOf(arguments);
        this.reading = new LoadedFile.Reading(reader, check, opened);
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

    /**
     * The files as they are now, where nothing but {@code changed} is known to differ from {@code before}.
     *
     * @param changed absolute; empty when what changed is not known
     */
    Listing list(Listing before, Set<Path> changed) {
        Listing again = changed.isEmpty() ? null : Relisting.of(before, changed);
        return again == null ? list() : again;
    }

    /** The files as they were loaded last. */
    synchronized Listing lastListing() {
        return Objects.requireNonNullElseGet(listing, this::list);
    }

    /**
     * Whether {@code now} may show half a change: a file that is gone, empty, shorter than it was, or that does not end
     * where a line does. A file written anew in place is each of these for a moment.
     */
    synchronized boolean isDoubtful(Listing now) {
        Listing before = listing;
        if (before == null
                || now.files().size() < before.files().size()
                || !now.unreadable().equals(before.unreadable())
                || !now.missing().equals(before.missing())) {
            return true;
        }
        for (int i = 0; i < now.files().size(); i++) {
            ConfigFile file = now.files().get(i);
            if (i < before.files().size() && file.equals(before.files().get(i))) {
                continue;
            }
            LoadedFile old = loaded.get(file.path());
            boolean changed = old == null || !old.fingerprint().equals(file.fingerprint());
            boolean shorter = old != null && file.fingerprint().isShorter(old.fingerprint());
            if (changed && (shorter || !file.endsALine())) {
                return true;
            }
        }
        return false;
    }

    /** Whether {@code now} is not what was loaded last, or may not be: some file is too fresh to be sure. */
    synchronized boolean outdated(Listing now) {
        return !unsettled.isEmpty() || !now.equals(listing);
    }

    /** Loads what changed, if anything did; null when the files say what they said. */
    synchronized @Nullable LoadResult update(Listing now) {
        Listing before = listing;
        boolean sameFiles = before != null
                && before.unreadable().equals(now.unreadable())
                && before.missing().equals(now.missing());
        Set<ConfigFile> outdated = before != null && sameFiles ? outdated(before, now) : null;
        if (outdated == null || outdated.size() >= MANY) {
            return read(now) || !sameFiles ? assemble(now) : null;
        }
        listing = before == null ? now : now.after(before);
        List<LastGood.Edit> edits = new ArrayList<>();
        for (ConfigFile file : outdated) {
            LoadedFile old = Objects.requireNonNull(loaded.get(file.path()));
            LoadedFile read = read(file);
            keep(file.path(), read);
            loaded.put(file.path(), read);
            if (!old.saysTheSame(read)) {
                edits.add(new LastGood.Edit(old, read));
            }
        }
        if (edits.isEmpty()) {
            return null;
        }
        LoadResult edited = lastGood.edit(edits);
        return edited == null ? assemble(now) : edited;
    }

    /** The files to read again where no file came, went or stopped being one; null for other changes. */
    private @Nullable Set<ConfigFile> outdated(Listing before, Listing now) {
        List<ConfigFile> old = before.files();
        if (old.size() != now.files().size() || old.size() != loaded.size()) {
            return null;
        }
        Set<ConfigFile> outdated = new LinkedHashSet<>();
        for (int i = 0; i < old.size(); i++) {
            ConfigFile file = now.files().get(i);
            if (!file.equals(old.get(i))) {
                if (!file.path().equals(old.get(i).path())) {
                    return null;
                }
                outdated.add(file);
            }
            if (!unsettled.isEmpty() && unsettled.contains(file.path())) {
                outdated.add(file);
            }
        }
        return outdated;
    }

    private void keep(Path path, LoadedFile file) {
        fresh.add(path);
        if (file.settled()) {
            unsettled.remove(path);
        } else {
            unsettled.add(path);
        }
    }

    /**
     * Lets go of what is needed only to load and translate, once what was loaded is in force: of a large configuration the
     * trees of VirtualServices, which are read again should they be needed. What {@link LoadResult}s hold stays as it is.
     *
     * @return by the VirtualServices that were in force the leaner ones that are from now on; those that are not in it stay
     */
    public synchronized Map<VirtualService, VirtualService> release() {
        opened.forEach(SourceFile::close);
        opened.clear();
        List<Path> read = List.copyOf(fresh);
        fresh.clear();
        if (read.isEmpty()) {
            return Map.of();
        }
        long bytes = 0;
        for (LoadedFile file : loaded.values()) {
            bytes += file.fingerprint().size();
        }
        if (bytes < LARGE_BYTES) {
            read.forEach(path -> loaded.computeIfPresent(path, (same, file) -> file.withoutSource()));
            return Map.of();
        }
        try (Leaner leaner = new Leaner()) {
            read.forEach(path -> loaded.computeIfPresent(path, (same, file) -> file.lean(leaner)));
            lastGood.replace(leaner.made());
            return leaner.made();
        }
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
            if (before == null || !before.current(now.files().get(i))) {
                keep(path, read.get(i));
            }
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
        unsettled.retainAll(next.keySet());
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
        return before != null && before.current(file) ? before : LoadedFile.read(file, before, reading);
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
