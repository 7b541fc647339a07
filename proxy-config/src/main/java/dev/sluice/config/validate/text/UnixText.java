package dev.sluice.config.validate.text;

/** Unix domain sockets in text: {@code unix:///run/app.sock} or, abstract, {@code unix://@name}. */
public final class UnixText {
    private static final String PREFIX = "unix://";

    private UnixText() {}

    /** Whether {@code text} means to name a socket. */
    public static boolean isUnix(String text) {
        return text.startsWith(PREFIX);
    }

    /** Whether a text that {@link #isUnix} names an absolute file or an abstract socket. */
    public static boolean isValid(String text) {
        String path = text.substring(PREFIX.length());
        return path.startsWith("@") || (path.startsWith("/") && !path.endsWith("/"));
    }
}
