package dev.sluice.proxy.leak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import io.netty.util.ResourceLeakTracker;
import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.core.LauncherFactory;

class RecordingLeakDetectorTest {
    private static final String LEAK = "LEAK: RecordingLeakDetectorTest$Dropped";

    private static final class Dropped {}

    @Test
    void nettyUsesItForEveryResource() {
        assertInstanceOf(
                RecordingLeakDetector.class,
                ResourceLeakDetectorFactory.instance().newResourceLeakDetector(Dropped.class));
        assertEquals(ResourceLeakDetector.Level.PARANOID, ResourceLeakDetector.getLevel());
    }

    @Test
    void failsTheRunForWhatWasDroppedWithoutRelease() {
        drop(new RecordingLeakDetector<>(Dropped.class, 1));
        try {
            AssertionError error = assertThrows(AssertionError.class, LauncherFactory.openSession()::close);
            assertTrue(error.getMessage().contains(LEAK), error.getMessage());
        } finally {
            RecordingLeakDetector.forget(LEAK);
        }
    }

    @Test
    void keepsStillAboutWhatWasReleased() throws InterruptedException {
        RecordingLeakDetector<Dropped> detector = new RecordingLeakDetector<>(Dropped.class, 1);
        Dropped resource = new Dropped();
        ResourceLeakTracker<Dropped> tracker = detector.track(resource);
        assertTrue(tracker.close(resource));
        assertTrue(RecordingLeakDetector.sweep().stream().noneMatch(leak -> leak.startsWith(LEAK)));
    }

    /** In a method of its own, so that no local variable keeps the resource alive. */
    private static void drop(RecordingLeakDetector<Dropped> detector) {
        detector.track(new Dropped());
    }
}
