package dev.sluice.proxy.listener;

import dev.sluice.config.plan.ListenerPlan.BindAddress;
import java.util.ArrayList;
import java.util.List;

/** A listener's address cannot be bound. The message is one line for the user. */
public final class BindException extends Exception {
    /** @param cause why */
    public BindException(BindAddress address, Throwable cause) {
        super("cannot bind " + address + ": " + SystemReason.of(cause), cause);
    }

    /** @param reason why, in words of ours */
    BindException(BindAddress address, String reason, Throwable cause) {
        super("cannot bind " + address + ": " + reason + ": " + SystemReason.of(cause), cause);
    }

    /**
     * What there is to say of {@code failures}, a line each. Those for want of files are one: which addresses came last, when
     * there were no more to open, says nothing.
     */
    public static List<String> lines(List<BindException> failures) {
        List<String> lines = new ArrayList<>();
        boolean outOfFiles = false;
        for (BindException failure : failures) {
            boolean too = SystemReason.isOutOfFiles(failure);
            if (!too || !outOfFiles) {
                lines.add(String.valueOf(failure.getMessage()));
            }
            outOfFiles |= too;
        }
        return lines;
    }
}
