package dev.sluice.proxy.listener;

import dev.sluice.config.plan.ListenerPlan.BindAddress;
import java.nio.channels.UnresolvedAddressException;

/** A listener's address cannot be bound. The message is one line for the user. */
public final class BindException extends Exception {
    /** @param cause why, in the system's words */
    public BindException(BindAddress address, Throwable cause) {
        super("cannot bind " + address + ": " + reason(cause), cause);
    }

    /** @param reason why, in words of ours */
    BindException(BindAddress address, String reason, Throwable cause) {
        super("cannot bind " + address + ": " + reason + ": " + reason(cause), cause);
    }

    private static String reason(Throwable cause) {
        if (cause instanceof UnresolvedAddressException) {
            return "unknown host";
        }
        String message = cause.getMessage();
        if (message == null) {
            return cause.getClass().getSimpleName();
        }
        // The native transport puts the call in front: "bind(..) failed with error(-98): Address already in use".
        int colon = message.lastIndexOf(": ");
        return colon < 0 ? message : message.substring(colon + 2);
    }
}
