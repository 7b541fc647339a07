package dev.sluice.config.source;

import dev.sluice.config.source.Listing.Interest;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the files that CONFIG arguments name: a file is taken as it is, a folder is searched for {@code *.yaml} and
 * {@code *.yml}. Links are followed, and nothing is taken twice, by whatever way it is reached, so that a loop ends.
 *
 * <p>What {@link ConfigNames#isHidden} is left out.
 */
final class ConfigFiles {
    private final List<ConfigFile> files = new ArrayList<>();
    private final Map<Path, String> unreadable = new HashMap<>();
    private final List<Path> missing = new ArrayList<>();
    private final Map<Path, Interest> folders = new HashMap<>();
    /** Keys (inodes, or real paths) of the folders and files that were reached. */
    private final Set<Object> reached = new HashSet<>();

    private ConfigFiles() {}

    /** Looks at the disk once; never throws for what it finds. */
    static Listing list(List<Path> arguments) {
        ConfigFiles found = new ConfigFiles();
        for (Path argument : arguments) {
            found.argument(argument);
        }
        return new Listing(found.files, found.unreadable, found.missing, found.folders);
    }

    private void argument(Path path) {
        // The argument itself may be a link, or a file that an editor replaces by renaming: both show in its parent
        // only.
        Interest inParent = Interest.WRITES;
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            if (attributes.isDirectory()) {
                inParent = Interest.ENTRIES;
                folder(path, attributes);
            } else if (!ConfigNames.isRouteTest(name(path))) {
                file(path, attributes);
            }
        } catch (NoSuchFileException e) {
            missing.add(path);
        } catch (IOException e) {
            unreadable.put(path, reason(e));
            inParent = Interest.WRITES; // its permissions may change
        }
        Path parent = path.toAbsolutePath().getParent();
        if (parent != null) {
            watch(parent, inParent);
        }
    }

    private void watch(Path folder, Interest what) {
        folders.merge(folder, what, (one, other) -> one.compareTo(other) >= 0 ? one : other);
    }

    private void folder(Path folder, BasicFileAttributes attributes) throws IOException {
        if (!reached.add(key(folder, attributes))) {
            return;
        }
        watch(folder.toAbsolutePath(), Interest.WRITES);
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            stream.forEach(entries::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        Collections.sort(entries);
        for (Path entry : entries) {
            if (!ConfigNames.isHidden(name(entry))) {
                entry(entry);
            }
        }
    }

    private void entry(Path entry) {
        boolean yaml = ConfigNames.isYaml(name(entry));
        try {
            BasicFileAttributes attributes = Files.readAttributes(entry, BasicFileAttributes.class);
            if (attributes.isDirectory()) {
                folder(entry, attributes);
            } else if (yaml && attributes.isRegularFile()) {
                file(entry, attributes);
            }
        } catch (NoSuchFileException e) {
            // Gone since the folder was read, or a link to nothing: only the second is still there, and is told.
            if (yaml && Files.exists(entry, LinkOption.NOFOLLOW_LINKS)) {
                unreadable.put(entry, "link to nothing");
            }
        } catch (IOException e) {
            unreadable.put(entry, reason(e));
        }
    }

    private void file(Path file, BasicFileAttributes attributes) throws IOException {
        if (reached.add(key(file, attributes))) {
            files.add(new ConfigFile(file, Fingerprint.of(attributes)));
        }
    }

    private static Object key(Path path, BasicFileAttributes attributes) throws IOException {
        Object inode = attributes.fileKey();
        return inode == null ? path.toRealPath() : inode;
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }

    /** Why a path could not be read, without the path, which the finding names anyway. */
    static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof FileSystemLoopException) {
            return "loop of links";
        }
        String reason = e instanceof FileSystemException system ? system.getReason() : e.getMessage();
        return reason == null
                ? e.getClass().getSimpleName()
                : reason.lines().findFirst().orElse("");
    }
}
