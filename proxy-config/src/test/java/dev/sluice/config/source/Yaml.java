package dev.sluice.config.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files for these tests. */
final class Yaml {
    private Yaml() {}

    /** A VirtualService of that name in namespace default, routing {@code host}. */
    static String service(String name, String host) {
        return """
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: %s}
                spec:
                  hosts: [%s]
                """
                .formatted(name, host);
    }

    /** Writes a file, and the folders above it. */
    static Path write(Path file, String... documents) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        return Files.writeString(file, String.join("", documents));
    }
}
