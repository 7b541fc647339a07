package dev.sluice.proxy.telemetry.accesslog;

import dev.sluice.proxy.telemetry.line.LineSink;
import dev.sluice.proxy.telemetry.line.StandardStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where {@code --access-log} and MeshConfig's accessLogFile send lines. */
final class AccessLogTarget {
    private AccessLogTarget() {}

    /**
     * Reads what a user wrote.
     *
     * @param text {@code -} or {@code /dev/stdout}, {@code /dev/stderr}, {@code off} or nothing, else a file that lines
     *     are appended to
     * @return null for off
     */
    public static LineSink.@Nullable Target of(String text) {
        return switch (text.strip()) {
            case "", "off" -> null;
            // The files of these names cannot be opened where they are sockets, as under systemd.
            case "-", "/dev/stdout" -> StandardStream::out;
            case "/dev/stderr" -> StandardStream::err;
            default -> file(Path.of(text.strip()));
        };
    }

    private static LineSink.Target file(Path path) {
        return () -> {
            if (path.toFile().isDirectory()) {
                throw new IOException(path + " is a folder");
            }
            return new FileOutputStream(path.toFile(), true);
        };
    }

    /** For messages: what cannot be opened. */
    static String describe(String text) {
        return text.equals("-") ? "standard output" : text;
    }
}
