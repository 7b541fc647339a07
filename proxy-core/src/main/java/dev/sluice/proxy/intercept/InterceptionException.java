package dev.sluice.proxy.intercept;

/** Rules cannot be had: a tool, a privilege or a feature of the kernel is missing. The message is for the user; nothing was left half done. */
public final class InterceptionException extends Exception {
    InterceptionException(String message) {
        super(message);
    }

    InterceptionException(String message, Throwable cause) {
        super(message, cause);
    }
}
