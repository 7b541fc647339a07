package dev.sluice.config.source;

import dev.sluice.config.crd.VirtualService;
import dev.sluice.config.crd.mesh.MeshOverrides;
import dev.sluice.config.crd.read.CrdReader;
import dev.sluice.config.crd.tree.Location;
import dev.sluice.config.validate.Finding;
import dev.sluice.config.validate.Finding.Severity;
import dev.sluice.config.validate.Finding.Subject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
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
    /** A change within a large file has so much of it read again, a dozen of objects. */
    private static final int PART_BYTES = 4 * 1024;

    private final List<Path> arguments;
    private final LoadedFile.Reading reading;
    private final Set<SourceFile> opened = Collections.synchronizedSet(new HashSet<>());
    private final MeshOverrides overrides;
    private final LastGood lastGood = new LastGood();

    /** Every file read, in the order of the listing; behind them those that cannot be listed now, but stay. */
    private List<LoadedFile> loaded = List.of();

    /** Names of files whose fingerprints cannot be trusted yet. */
    private final Set<String> unsettled = new HashSet<>();
    /** Names of files that were read since the last release. */
    private final Set<String> fresh = new HashSet<>();

    private @Nullable Listing listing;

    /**
     * @param arguments files and folders, at least one
     * @param reader reads one file
     * @param check validation's rules of one document
     * @param overrides {@code --set}
     */
    public ConfigLoader(List<Path> arguments, CrdReader reader, ObjectCheck check, MeshOverrides overrides) {
        this(arguments, reader, check, overrides, PART_BYTES);
    }

    /** @param partBytes larger files are read in parts of at least so much */
    ConfigLoader(List<Path> arguments, CrdReader reader, ObjectCheck check, MeshOverrides overrides, int partBytes) {
        this.arguments = List.copyOf(arguments);
        this.reading = new LoadedFile.Reading(reader, check, opened, partBytes);
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
        Known known = new Known(loaded);
        for (int i = 0; i < now.files().size(); i++) {
            ConfigFile file = now.files().get(i);
            if (i < before.files().size() && file.equals(before.files().get(i))) {
                continue;
            }
            LoadedFile old = known.find(i, file.name());
            boolean changed = old == null || !old.file().equals(file);
            boolean shorter =
                    old != null && file.fingerprint().isShorter(old.file().fingerprint());
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
        List<Integer> outdated = before != null && sameFiles ? outdated(before, now) : null;
        if (outdated == null || outdated.size() >= MANY) {
            return read(now) || !sameFiles ? assemble(now) : null;
        }
        List<LastGood.Edit> edits = new ArrayList<>();
        for (int i : outdated) {
            LoadedFile old = loaded.get(i);
            LoadedFile read = read(now.files().get(i), old);
            keep(read);
            loaded.set(i, read);
            if (!old.saysTheSame(read)) {
                edits.add(new LastGood.Edit(old, read));
            }
        }
        listing = now.of(loaded);
        if (edits.isEmpty()) {
            return null;
        }
        LoadResult edited = lastGood.edit(edits);
        return edited == null ? assemble(now) : edited;
    }

    /** Numbers of the files to read again where no file came, went or stopped being one; null for other changes. */
    private @Nullable List<Integer> outdated(Listing before, Listing now) {
        List<ConfigFile> old = before.files();
        if (old.size() != now.files().size() || old.size() != loaded.size()) {
            return null;
        }
        List<Integer> outdated = new ArrayList<>();
        for (int i = 0; i < old.size(); i++) {
            ConfigFile file = now.files().get(i);
            if (!file.name().equals(loaded.get(i).file().name())) {
                return null;
            }
            if (!file.equals(old.get(i)) || (!unsettled.isEmpty() && unsettled.contains(file.name()))) {
                outdated.add(i);
            }
        }
        return outdated;
    }

    private void keep(LoadedFile file) {
        String name = file.file().name();
        fresh.add(name);
        if (file.settled()) {
            unsettled.remove(name);
        } else {
            unsettled.add(name);
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
        Set<String> read = Set.copyOf(fresh);
        fresh.clear();
        if (read.isEmpty()) {
            return Map.of();
        }
        long bytes = 0;
        for (LoadedFile file : loaded) {
            bytes += file.file().fingerprint().size();
        }
        if (bytes < LARGE_BYTES) {
            loaded.replaceAll(file -> read.contains(file.file().name()) ? file.withoutSource() : file);
            return Map.of();
        }
        try (Leaner leaner = new Leaner()) {
            loaded.replaceAll(file -> read.contains(file.file().name()) ? file.lean(leaner) : file);
            lastGood.replace(leaner.made());
            return leaner.made();
        }
    }

    /** Reads the files that changed; whether any says something else than before, came or went. */
    private boolean read(Listing now) {
        List<ConfigFile> files = now.files();
        Known known = new Known(loaded);
        List<@Nullable LoadedFile> before = new ArrayList<>(files.size());
        for (int i = 0; i < files.size(); i++) {
            before.add(known.find(i, files.get(i).name()));
        }
        List<LoadedFile> next = new ArrayList<>(readAll(files, before));
        boolean changed = false;
        for (int i = 0; i < files.size(); i++) {
            LoadedFile old = before.get(i);
            changed |= old == null || !old.saysTheSame(next.get(i));
            if (old == null || !old.current(files.get(i))) {
                keep(next.get(i));
            }
        }
        for (LoadedFile lost : known.rest()) {
            if (unreachable(now, lost.file().path())) {
                next.add(lost);
            } else {
                unsettled.remove(lost.file().name());
                changed = true;
            }
        }
        loaded = next;
        listing = now.of(next);
        return changed;
    }

    /** In the order of {@code files}; what did not change is what it was. Many that did are read on all cores. */
    private List<LoadedFile> readAll(List<ConfigFile> files, List<@Nullable LoadedFile> before) {
        int outdated = 0;
        for (int i = 0; i < files.size(); i++) {
            LoadedFile old = before.get(i);
            outdated += old == null || !old.current(files.get(i)) ? 1 : 0;
        }
        IntStream numbers = IntStream.range(0, files.size());
        return (outdated < MANY ? numbers : numbers.parallel())
                .mapToObj(i -> read(files.get(i), before.get(i)))
                .toList();
    }

    private LoadedFile read(ConfigFile file, @Nullable LoadedFile before) {
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
            boolean kept = loaded.stream().anyMatch(file -> file.file().path().startsWith(path));
            findings.add(about(
                    path,
                    kept ? Severity.ERROR : Severity.WARNING,
                    kept
                            ? "folder is gone; what was read of it stays in force"
                            : "file is gone, and with it its objects"));
        }
        return lastGood.apply(loaded, findings, overrides);
    }

    private static Finding about(Path path, Severity severity, String message) {
        return new Finding(
                new Location(path.toString(), 1, 1), severity, Finding.UNPARSABLE, Subject.NONE, null, message);
    }
}
