package dev.sluice.proxy.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.plan.ListenerPlan.BindAddress;
import io.netty.channel.ChannelException;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.List;
import org.junit.jupiter.api.Test;

class SystemReasonTest {
    /** As Netty wraps it where a channel cannot be made. */
    private static Exception outOfFiles() {
        return new ChannelException(
                "Unable to create Channel from class class AnyChannel",
                new InvocationTargetException(
                        new ChannelException("Failed to open a socket.", new IOException("Too many open files"))));
    }

    @Test
    void theSystemsWordsAreToldWithoutTheNameOfTheCall() {
        assertEquals("Address already in use", SystemReason.of(new IOException("Address already in use")));
        assertEquals(
                "Address already in use",
                SystemReason.of(new IOException("bind(..) failed with error(-98): Address already in use")));
    }

    @Test
    void whatHasNoWordsIsNeverNull() {
        assertEquals("unknown host", SystemReason.of(new UnresolvedAddressException()));
        assertEquals("IPv6 is not available here", SystemReason.of(new UnsupportedAddressTypeException()));
        assertEquals("ArithmeticException", SystemReason.of(new ArithmeticException()));
    }

    @Test
    void wantOfFilesIsFoundBelowWhatNettySaysAndTellsWhatToRaise() {
        String raise = "too many open files; raise their limit (ulimit -n)";
        assertEquals(raise, SystemReason.of(outOfFiles()));
        assertTrue(SystemReason.isOutOfFiles(outOfFiles()));
        Exception loop = new IllegalStateException(
                "failed to create a child event loop", new ChannelException("eventfd() failed: Too many open files"));
        assertEquals(raise, SystemReason.of(loop));
    }

    @Test
    void theLimitOfTheWholeSystemIsAnother() {
        Exception system = new IOException("Too many open files in system");
        assertFalse(SystemReason.isOutOfFiles(system));
        assertEquals("Too many open files in system", SystemReason.of(system));
    }

    @Test
    void ofManyListenersWithoutAFileOneIsTold() {
        BindException taken = new BindException(new BindAddress("127.0.0.1", 1), new IOException("in use"));
        BindException first = new BindException(new BindAddress("127.0.0.1", 2), outOfFiles());
        BindException second = new BindException(new BindAddress("127.0.0.1", 3), outOfFiles());
        BindException alsoTaken = new BindException(new BindAddress("127.0.0.1", 4), new IOException("in use"));
        assertEquals(
                List.of(
                        "cannot bind 127.0.0.1:1: in use",
                        "cannot bind 127.0.0.1:2: too many open files; raise their limit (ulimit -n)",
                        "cannot bind 127.0.0.1:4: in use"),
                BindException.lines(List.of(taken, first, second, alsoTaken)));
    }
}
