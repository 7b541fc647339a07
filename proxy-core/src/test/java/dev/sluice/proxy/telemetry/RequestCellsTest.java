package dev.sluice.proxy.telemetry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.proxy.telemetry.RequestCells.Figure;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RequestCellsTest {
    private static final long NOON = TimeUnit.HOURS.toMillis(500_000);
    private static final long MILLI = 1_000_000;

    private final RequestSeries series = new RequestSeries(Labels.of("a", "b"));
    private final RequestCells cells = series.newCells();

    @Test
    void aValueIsInTheBucketOfTheBoundThatItReaches() {
        for (long bytes : new long[] {0, 1, 2, 5, 6, 3_600_000, 3_600_001}) {
            cells.record(NOON, 0, bytes, 0);
        }
        long[] expected = new long[RequestCells.BUCKETS];
        expected[0] = 1; // 0 is below 0.5
        expected[1] = 1; // 1
        expected[2] = 2; // 2 and 5
        expected[3] = 1; // 6
        expected[18] = 1;
        expected[19] = 1;
        assertArrayEquals(expected, series.buckets(Figure.REQUEST_BYTES));
        assertEquals(7_200_015, series.sum(Figure.REQUEST_BYTES));
    }

    @Test
    void durationsAreBoundedInMilliseconds() {
        cells.record(NOON, MILLI / 2, 0, 0);
        cells.record(NOON, MILLI / 2 + 1, 0, 0);
        cells.record(NOON, 7 * MILLI, 0, 0);
        long[] buckets = series.buckets(Figure.DURATION);
        assertEquals("1,1,0,1", buckets[0] + "," + buckets[1] + "," + buckets[2] + "," + buckets[3]);
        assertEquals(8.000001, series.sum(Figure.DURATION), 1e-9);
    }

    @Test
    void aMaximumIsForgottenAfterThreeMinutes() {
        cells.record(NOON, 9 * MILLI, 0, 0);
        cells.record(minutes(1), 4 * MILLI, 0, 0);
        assertEquals(9, series.maximum(Figure.DURATION, minutes(2)));
        assertEquals(4, series.maximum(Figure.DURATION, minutes(3)));
        assertEquals(0, series.maximum(Figure.DURATION, minutes(4)));
        cells.record(minutes(6), 2 * MILLI, 0, 0);
        assertEquals(2, series.maximum(Figure.DURATION, minutes(6)), "not that of three minutes before");
    }

    /** What lasts is what a maximum is looked at for. */
    @Test
    void aRequestCountsInTheMinuteOfItsEnd() {
        cells.record(NOON, TimeUnit.MINUTES.toNanos(10), 0, 0);
        assertEquals(600_000, series.maximum(Figure.DURATION, minutes(11)));
    }

    @Test
    void theCellsOfAllLoopsAreAddedUp() throws InterruptedException {
        int loops = 4;
        long requests = 10_000;
        CountDownLatch done = new CountDownLatch(loops);
        for (int i = 0; i < loops; i++) {
            RequestCells own = series.newCells();
            int bytes = i + 1;
            new Thread(() -> {
                        for (int n = 0; n < requests; n++) {
                            own.record(NOON, MILLI, 0, bytes);
                        }
                        done.countDown();
                    })
                    .start();
        }
        done.await();
        assertEquals(
                loops * requests, Arrays.stream(series.buckets(Figure.DURATION)).sum());
        assertEquals((double) (requests * (1 + 2 + 3 + 4)), series.sum(Figure.RESPONSE_BYTES));
        assertEquals(4, series.maximum(Figure.RESPONSE_BYTES, NOON));
    }

    private static long minutes(int later) {
        return NOON + TimeUnit.MINUTES.toMillis(later);
    }
}
