package dev.sluice.proxy.leak;

import java.util.List;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** Fails the test run, and with it the build, if a buffer was not released. Registered under META-INF/services. */
public final class FailOnLeaks implements LauncherSessionListener {
    @Override
    public void launcherSessionClosed(LauncherSession session) {
        List<String> leaks;
        try {
            leaks = RecordingLeakDetector.sweep();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while looking for leaks", e);
        }
        if (!leaks.isEmpty()) {
            AssertionError error = new AssertionError(leaks.size() + " not released\n" + String.join("\n", leaks));
            // Surefire prints this twice; the traces that matter are those of the buffers, in the message.
            error.setStackTrace(new StackTraceElement[0]);
            throw error;
        }
    }
}
