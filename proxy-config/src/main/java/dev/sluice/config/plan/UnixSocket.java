package dev.sluice.config.plan;

import org.jspecify.annotations.Nullable;

/**
 * Unix domain sockets among addresses. They are written as Envoy names them: an absolute path, or {@code @} and the name of
 * an abstract socket; neither can be an IP address or a host name. Pure.
 */
public final class UnixSocket {
    /** As much as {@code sockaddr_un} holds, without the final NUL (unix(7)). */
    public static final int MAX_BYTES = 107;

    private static final String SCHEME = "unix:";

    private UnixSocket() {}

    /** Whether an address of a plan names a socket. */
    public static boolean is(@Nullable String address) {
        return address != null && (address.startsWith("/") || address.startsWith("@"));
    }

    /** Whether text of an object means to name one: {@code unix:///run/app.sock}, {@code unix://@name}. */
    public static boolean isWritten(@Nullable String written) {
        return written != null && written.startsWith(SCHEME);
    }

    /** The address that is meant by text that {@link #isWritten}. */
    public static String address(String written) {
        String rest = written.substring(SCHEME.length());
        return rest.startsWith("//") ? rest.substring(2) : rest;
    }
}
