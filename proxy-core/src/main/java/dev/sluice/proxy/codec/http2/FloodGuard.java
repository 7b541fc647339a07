package dev.sluice.proxy.codec.http2;

import static io.netty.handler.codec.http2.Http2Error.ENHANCE_YOUR_CALM;

import io.netty.handler.codec.http2.Http2Exception;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Counts the frames of one HTTP/2 connection that cost the peer next to nothing and us something, and ends the
 * connection with ENHANCE_YOUR_CALM when there are more of them than its real work explains (spec/reliability.md A1,
 * A4, B60). Netty counts empty DATA, small CONTINUATION and RST_STREAM; it has no counter for the rest, and its RST
 * limit (a number a time) also hits a healthy gRPC client that cancels a lot.
 *
 * <p>Where Envoy has a formula it is Envoy's: PRIORITY at most 100 x (1 + streams opened), WINDOW_UPDATE at most 5 + 2 x
 * (streams opened + 10 x DATA frames sent), and the rapid reset rule of {@link #streamClosed}. PING and SETTINGS are
 * limited by the second; each DATA frame sent allows one PING more, because gRPC measures its bandwidth with one PING a
 * round trip while it receives.
 *
 * <p>Belongs to the connection's event loop.
 */
public final class FloodGuard {
    /** A stream younger than this that is reset before its response began counts as reset prematurely. */
    public static final long PREMATURE_NANOS = TimeUnit.SECONDS.toNanos(1);

    static final int EMPTY_DATA_IN_A_ROW = 2;
    static final int PRIORITY_PER_STREAM = 100;
    static final int WINDOW_UPDATE_BASE = 5;
    static final int PINGS_PER_SECOND = 200;
    static final int SETTINGS_PER_SECOND = 100;
    static final int STRAY_BASE = 1000;
    static final int STRAY_PER_STREAM = 100;
    static final int RESET_SAMPLE = 500;
    static final int RESET_PERCENT = 50;

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final LongSupplier nanoTime;
    private long streamsOpened;
    private long dataSent;
    private long priorities;
    private long windowUpdates;
    private long strays;
    private int emptyDataInARow;
    private long secondStart;
    private long dataSentBefore;
    private int pings;
    private int settings;
    private long streamsClosed;
    private long prematureResets;

    /** @param nanoTime monotonic time, {@link System#nanoTime} but in tests */
    public FloodGuard(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.secondStart = nanoTime.getAsLong();
    }

    /** Monotonic time in nanoseconds, the guard's own clock. */
    public long now() {
        return nanoTime.getAsLong();
    }

    /** Either side opened a stream. */
    public void streamOpened() {
        streamsOpened++;
    }

    /** We wrote a DATA frame. */
    public void dataSent() {
        dataSent++;
    }

    void headersRead() {
        emptyDataInARow = 0;
    }

    void dataRead(boolean empty) throws Http2Exception {
        if (!empty) {
            emptyDataInARow = 0;
        } else if (++emptyDataInARow > EMPTY_DATA_IN_A_ROW) {
            throw tooMany("empty DATA");
        }
    }

    /** PRIORITY, and frames of types that we do not know. */
    void priorityRead() throws Http2Exception {
        if (++priorities > PRIORITY_PER_STREAM * (1 + streamsOpened)) {
            throw tooMany("PRIORITY or unknown");
        }
    }

    void windowUpdateRead() throws Http2Exception {
        if (++windowUpdates > WINDOW_UPDATE_BASE + 2 * (streamsOpened + 10 * dataSent)) {
            throw tooMany("WINDOW_UPDATE");
        }
    }

    /** PING, acknowledged or not. */
    void pingRead() throws Http2Exception {
        startSecond();
        if (++pings > PINGS_PER_SECOND + (dataSent - dataSentBefore)) {
            throw tooMany("PING");
        }
    }

    /** SETTINGS and GOAWAY. */
    void settingsRead() throws Http2Exception {
        startSecond();
        if (++settings > SETTINGS_PER_SECOND) {
            throw tooMany("SETTINGS");
        }
    }

    /** A frame for a stream that is already closed; some arrive late after each reset. */
    public void strayRead() throws Http2Exception {
        if (++strays > STRAY_BASE + STRAY_PER_STREAM * streamsOpened) {
            throw tooMany("late");
        }
    }

    /**
     * A stream ended. The rule against rapid reset (CVE-2023-44487) and its mirror image, resets that a peer provokes
     * from us (CVE-2025-55163): once 500 streams have ended, at least half of them prematurely, or 250 prematurely
     * before that, for then the share can no longer recover.
     *
     * @param premature reset by the peer or through its fault, before the response began, in its first second
     * @return whether the connection must end
     */
    public boolean streamClosed(boolean premature) {
        streamsClosed++;
        if (!premature) {
            return false;
        }
        prematureResets++;
        long sample = Math.max(streamsClosed, RESET_SAMPLE);
        return prematureResets * 100 >= sample * RESET_PERCENT;
    }

    /** What ends a connection that floods us. */
    public static Http2Exception tooMany(String frames) {
        return Http2Exception.connectionError(ENHANCE_YOUR_CALM, "Too many %s frames", frames);
    }

    private void startSecond() {
        long now = nanoTime.getAsLong();
        if (now - secondStart >= SECOND) {
            secondStart = now;
            dataSentBefore = dataSent;
            pings = 0;
            settings = 0;
        }
    }
}
