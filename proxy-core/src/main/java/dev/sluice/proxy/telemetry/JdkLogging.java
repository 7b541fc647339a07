package dev.sluice.proxy.telemetry;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.logging.LogManager;

/**
 * How java.util.logging is configured in this process: what libraries and the JDK log goes into the {@link ProcessLog}. The
 * JDK makes one of these when something logs that way for the first time, which in most lives is never; setting it up at
 * once would cost every start.
 */
public final class JdkLogging {
    /** The system property of {@link LogManager} that names such a class. */
    public static final String PROPERTY = "java.util.logging.config.class";

    private static final String CONFIGURATION = "handlers=" + JdkHandler.class.getName() + "\n.level=";

    /** For the JDK. */
    public JdkLogging() throws IOException {
        String text = CONFIGURATION + JdkHandler.levelOf(ProcessLog.currentLevel());
        LogManager.getLogManager()
                .readConfiguration(new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)));
    }
}
