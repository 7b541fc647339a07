package dev.sluice.proxy.kubernetes;

import dev.sluice.config.source.ConfigNames;
import dev.sluice.proxy.kubernetes.inject.Containers;
import dev.sluice.proxy.kubernetes.yaml.ManifestException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Configuration files as a ConfigMap, which has no folders: {@code shop/routes.yaml} becomes {@code shop.routes.yaml}. */
public final class ConfigFiles {
    /** etcd takes no more, and neither does Kubernetes. */
    private static final int MOST_BYTES = 1 << 20;

    private ConfigFiles() {}

    /**
     * The texts of all files, by the key that each gets.
     *
     * @param paths files, and folders, which are read with all that is below them
     * @throws ManifestException if two get the same key, or together they are too large
     */
    public static Map<String, String> read(List<Path> paths) throws IOException, ManifestException {
        Map<String, String> texts = new TreeMap<>();
        long bytes = 0;
        for (Path path : paths) {
            for (Path file : files(path)) {
                String key = key(path, file);
                String text = text(file);
                bytes += text.getBytes(StandardCharsets.UTF_8).length;
                if (texts.putIfAbsent(key, text) != null) {
                    throw new ManifestException(file + ": there is a " + key + " already");
                }
            }
        }
        if (bytes > MOST_BYTES) {
            throw new ManifestException(bytes + " bytes of configuration; a ConfigMap takes " + MOST_BYTES);
        }
        return texts;
    }

    private static List<Path> files(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        try (Stream<Path> files = Files.walk(path)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> ConfigNames.isYaml(String.valueOf(file.getFileName())))
                    .filter(file -> !isHidden(path.relativize(file)))
                    .sorted()
                    .toList();
        }
    }

    /** Whether the proxy would pass it over, or a folder that it is in. */
    private static boolean isHidden(Path below) {
        for (Path name : below) {
            if (ConfigNames.isHidden(name.toString())) {
                return true;
            }
        }
        return false;
    }

    /**
     * The text of a file.
     *
     * @throws IOException whose message names the file
     */
    public static String text(Path file) throws IOException {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            throw new IOException(file + ": it is not there", e);
        } catch (AccessDeniedException e) {
            throw new IOException(file + ": permission denied", e);
        } catch (CharacterCodingException e) {
            throw new IOException(file + ": it is not UTF-8", e);
        } catch (IOException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /** Keys are made of letters, digits, dots, dashes and underscores; a file named mesh.yaml keeps its name. */
    private static String key(Path root, Path file) {
        Path below = root.equals(file) || file.endsWith("mesh.yaml") ? file.getFileName() : root.relativize(file);
        StringBuilder key = new StringBuilder();
        String name = String.valueOf(below).replace('/', '.');
        name.chars()
                .forEach(c -> key.append(
                        c < 128 && (Character.isLetterOrDigit(c) || c == '.' || c == '-' || c == '_')
                                ? (char) c
                                : '_'));
        return key.toString();
    }

    /** A ConfigMap with these files. */
    public static Map<String, Object> configMap(Map<String, Object> metadata, Map<String, String> texts) {
        List<Object> pairs = new ArrayList<>();
        texts.forEach((key, text) -> {
            pairs.add(key);
            pairs.add(text);
        });
        return Containers.map(
                "apiVersion", "v1", "kind", "ConfigMap", "metadata", metadata, "data", Containers.map(pairs.toArray()));
    }
}
