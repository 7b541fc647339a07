package dev.sluice.config.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks again at the few files that the system names, for looking at ten thousand takes longer than loading one. It
 * answers only where that shows as much as a look at everything would.
 */
final class Relisting {
    private Relisting() {}

    /**
     * The listing as it is now.
     *
     * @param changed absolute paths, in folders of {@code before}
     * @return null where files may have come, gone, or moved behind a link
     */
    static @Nullable Listing of(Listing before, Set<Path> changed) {
        List<ConfigFile> files = new ArrayList<>(before.files());
        boolean differs = false;
        for (Path path : changed) {
            int i = indexOf(before.files(), path);
            if (i >= 0) {
                ConfigFile now = again(before.files(), i);
                if (now == null) {
                    return null;
                }
                differs |= !now.equals(files.set(i, now));
            } else if (!isForeign(before, path)) {
                return null;
            }
        }
        return differs ? new Listing(files, before.unreadable(), before.missing(), before.folders()) : before;
    }

    private static int indexOf(List<ConfigFile> files, Path path) {
        String name = String.valueOf(path.getFileName());
        for (int i = 0; i < files.size(); i++) {
            ConfigFile file = files.get(i);
            if (file.name().endsWith(name) && file.path().toAbsolutePath().equals(path)) {
                return i;
            }
        }
        return -1;
    }

    /** The file as it is now; null when it is none any more, or the same as another one. */
    private static @Nullable ConfigFile again(List<ConfigFile> files, int i) {
        ConfigFile before = files.get(i);
        try {
            BasicFileAttributes attributes = Files.readAttributes(before.path(), BasicFileAttributes.class);
            Fingerprint now = Fingerprint.of(attributes);
            if (!attributes.isRegularFile() || now.inode() == null) {
                return null;
            }
            if (!now.inode().equals(before.fingerprint().inode())) {
                for (ConfigFile other : files) {
                    if (now.inode().equals(other.fingerprint().inode())) {
                        return null;
                    }
                }
            }
            return new ConfigFile(before.name(), now);
        } catch (IOException e) {
            return null; // a look at everything says what it is
        }
    }

    /** Whether a path has no part in the configuration: what an editor or a rename leaves beside its files. */
    private static boolean isForeign(Listing before, Path path) {
        String name = String.valueOf(path.getFileName());
        if (name.startsWith("..") || isNamed(before, path)) {
            return false;
        }
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return attributes.isRegularFile() && !isTaken(name);
        } catch (NoSuchFileException e) {
            return !isTaken(name);
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isTaken(String name) {
        return !ConfigNames.isHidden(name) && ConfigNames.isYaml(name);
    }

    private static boolean isNamed(Listing before, Path path) {
        return before.folders().containsKey(path)
                || before.missing().stream().anyMatch(missing -> isAt(missing, path))
                || before.unreadable().keySet().stream().anyMatch(unreadable -> isAt(unreadable, path));
    }

    private static boolean isAt(Path path, Path absolute) {
        return Objects.equals(path.toAbsolutePath(), absolute);
    }
}
