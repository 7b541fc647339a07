package dev.sluice.proxy;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * How long tests wait for what must happen: a condition that holds ends the wait, so this costs a good run nothing, and a
 * busy machine fails none. Less than a test may take as a whole, so that it says what it waited for. Registered under
 * META-INF/services.
 */
public final class Patience implements LauncherSessionListener {
    @Override
    public void launcherSessionOpened(LauncherSession session) {
        Awaitility.setDefaultTimeout(Duration.ofMinutes(2));
    }
}
