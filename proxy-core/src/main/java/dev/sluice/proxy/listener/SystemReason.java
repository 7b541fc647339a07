package dev.sluice.proxy.listener;

import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;

/** Why the system refuses a socket, in words for the user. */
public final class SystemReason {
    private static final String OUT_OF_FILES = "Too many open files";

    private SystemReason() {}

    /** The end of a sentence: what is said in the system's words, where those are clear. */
    public static String of(Throwable failure) {
        Throwable root = root(failure);
        if (root instanceof UnresolvedAddressException) {
            return "unknown host";
        }
        if (root instanceof UnsupportedAddressTypeException) {
            return "IPv6 is not available here";
        }
        if (isOutOfFiles(root)) {
            return "too many open files; raise their limit (ulimit -n)";
        }
        String message = root.getMessage();
        if (message == null) {
            return root.getClass().getSimpleName();
        }
        // The native transport puts the call in front: "bind(..) failed with error(-98): Address already in use".
        int colon = message.lastIndexOf(": ");
        return colon < 0 ? message : message.substring(colon + 2);
    }

    /** Whether this process has as many files open as it may. */
    public static boolean isOutOfFiles(Throwable failure) {
        String message = root(failure).getMessage();
        // "Too many open files in system" is another limit.
        return message != null && message.contains(OUT_OF_FILES) && !message.contains(OUT_OF_FILES + " in system");
    }

    /** Netty wraps what the system says, as often as three times. */
    private static Throwable root(Throwable failure) {
        Throwable root = failure;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            root = cause;
        }
        return root;
    }
}
