package dev.sluice.proxy.app.process;

import dev.sluice.proxy.upstream.Transport;
import java.util.Locale;

/** What this program is, and what it runs on. */
public final class Version {
    private Version() {}

    /** One line. */
    public static String text() {
        return "sluice " + version() + ", JDK " + Runtime.version() + ", transport " + transport(Transport.best());
    }

    static String transport(Transport.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    /** From the jar's manifest; {@code dev} when run from classes. */
    static String version() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }
}
