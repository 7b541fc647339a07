package dev.sluice.proxy.telemetry.line;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineSinkTest {
    @Test
    void linesArriveInOrderAndWhole() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LineSink sink = new LineSink("test", () -> out, 4096);
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 2000; i++) {
            write(sink, "line " + i);
            expected.append("line ").append(i).append('\n');
            if (i % 100 == 0) {
                assertTrue(sink.flush(10_000));
            }
        }
        assertTrue(sink.close());
        assertEquals(0, sink.dropped());
        assertEquals(expected.toString(), out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void linesOfSeveralThreadsDoNotMix() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LineSink sink = new LineSink("test", () -> out, 1 << 20);
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            String text = String.valueOf((char) ('a' + t)).repeat(50);
            Thread thread = new Thread(() -> {
                for (int i = 0; i < 1000; i++) {
                    write(sink, text);
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertTrue(sink.close());
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertEquals(4000, lines.size());
        for (String line : lines) {
            assertEquals(line.substring(0, 1).repeat(50), line);
        }
    }

    /** D14: nobody waits for a terminal that stands still; what does not fit is counted. */
    @Test
    void aStreamThatStandsStillHoldsUpNobody() throws Exception {
        Still out = new Still();
        LineSink sink = new LineSink("test", () -> out, 1000);
        write(sink, "first");
        assertTrue(out.entered.await(60, TimeUnit.SECONDS));
        String line = "x".repeat(99);
        for (int i = 0; i < 50; i++) {
            write(sink, line);
        }
        assertEquals(40, sink.dropped());
        assertFalse(sink.flush(1));
        out.go.countDown();
        assertTrue(sink.close());
        assertEquals(6 + 10 * 100, out.written.size());
        assertEquals(40, sink.dropped());
    }

    /** D14: a full disk costs lines, and no more; what comes after it begins a line of its own. */
    @Test
    void aFullDiskCostsLinesUntilThereIsRoomAgain() throws Exception {
        FullDisk disk = new FullDisk();
        LineSink sink = new LineSink("test", () -> disk, 4096);
        write(sink, "before");
        assertTrue(sink.flush(10_000));
        disk.full = true;
        write(sink, "lost 1");
        assertTrue(sink.flush(10_000));
        write(sink, "lost 2");
        assertTrue(sink.flush(10_000));
        assertEquals(2, sink.dropped());
        disk.full = false;
        write(sink, "after");
        assertTrue(sink.close());
        assertEquals("before\nlo\n\nafter\n", disk.written.toString(StandardCharsets.UTF_8));
        assertEquals(2, sink.dropped());
    }

    @Test
    void aLineLongerThanTheBufferIsDroppedAndTheNextIsNot() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LineSink sink = new LineSink("test", () -> out, 100);
        write(sink, "x".repeat(100));
        write(sink, "short");
        assertTrue(sink.close());
        assertEquals("short\n", out.toString(StandardCharsets.UTF_8));
        assertEquals(1, sink.dropped());
    }

    @Test
    void reopeningFollowsARotatedFile(@TempDir Path folder) throws Exception {
        Path log = folder.resolve("access.log");
        LineSink sink = new LineSink("test", () -> new FileOutputStream(log.toFile(), true), 4096);
        write(sink, "old");
        assertTrue(sink.flush(10_000));
        Files.move(log, folder.resolve("access.log.1"));
        write(sink, "still old");
        assertTrue(sink.flush(10_000));
        sink.reopen();
        write(sink, "new");
        assertTrue(sink.close());
        assertEquals("old\nstill old\n", Files.readString(folder.resolve("access.log.1")));
        assertEquals("new\n", Files.readString(log));
    }

    @Test
    void whereReopeningFailsTheOldStreamStays() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        List<OutputStream> first = new ArrayList<>(List.of(out));
        LineSink sink = new LineSink(
                "test",
                () -> {
                    if (first.isEmpty()) {
                        throw new IOException("no such folder");
                    }
                    return first.remove(0);
                },
                4096);
        sink.reopen();
        write(sink, "a");
        assertTrue(sink.close());
        assertEquals("a\n", out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void afterClosingLinesAreCountedAsDropped() throws Exception {
        Closing out = new Closing();
        LineSink sink = new LineSink("test", () -> out, 4096);
        assertTrue(sink.close());
        assertTrue(out.closed);
        write(sink, "late");
        assertEquals(1, sink.dropped());
        assertEquals(0, out.size());
    }

    @Test
    void whatCannotBeOpenedIsTheCallersToTell() {
        IOException refused = assertThrows(
                IOException.class,
                () -> new LineSink(
                        "test",
                        () -> {
                            throw new IOException("read-only");
                        },
                        4096));
        assertEquals("read-only", refused.getMessage());
    }

    private static void write(LineSink sink, String text) {
        LogLine line = new LogLine();
        line.raw(text);
        line.end();
        sink.write(line);
    }

    private static final class Closing extends ByteArrayOutputStream {
        volatile boolean closed;

        @Override
        public void close() {
            closed = true;
        }
    }

    private static final class Still extends OutputStream {
        final CountDownLatch entered = new CountDownLatch(1);
        final CountDownLatch go = new CountDownLatch(1);
        final ByteArrayOutputStream written = new ByteArrayOutputStream();

        @Override
        public void write(int b) {
            written.write(b);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            entered.countDown();
            try {
                go.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            written.write(bytes, from, length);
        }
    }

    /** Takes a few bytes of what it refuses, as file systems do. */
    private static final class FullDisk extends OutputStream {
        final ByteArrayOutputStream written = new ByteArrayOutputStream();
        volatile boolean full;

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            written.write(bytes, from, full ? Math.min(2, length) : length);
            if (full) {
                throw new IOException("No space left on device");
            }
        }
    }
}
