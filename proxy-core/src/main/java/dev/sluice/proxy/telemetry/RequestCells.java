package dev.sluice.proxy.telemetry;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * What one event loop counted of the requests of one set of labels: three histograms with their sums and recent maxima,
 * in one array. Only that loop writes, so counting is a load and a store, without a lock or an atomic; whoever scrapes adds
 * up the cells of all loops and sees each of them as of some moment of late.
 *
 * <p>Recorded by one thread; read by any.
 */
final class RequestCells {
    /** Those of {@link Figure#bounds()} and the one above them. */
    static final int BUCKETS = 20;

    private static final int SUM = BUCKETS;
    private static final int MAXIMA = SUM + 1;
    /** A maximum is of the minute that passes and of the two before it. */
    private static final int MINUTES = 3;

    private static final int SIZE = MAXIMA + MINUTES;
    private static final int FIGURES = 3;
    private static final int MINUTE_NUMBERS = FIGURES * SIZE;
    private static final long MILLIS_PER_MINUTE = TimeUnit.MINUTES.toMillis(1);
    private static final long NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    /** What is counted of a request. Immutable. */
    static final class Figure {
        /** Envoy's histogram buckets, which Istio's dashboards expect; milliseconds, or bytes. */
        private static final double[] BOUNDS = {
            0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000, 600_000,
            1_800_000, 3_600_000
        };

        static final Figure DURATION = new Figure(0, NANOS_PER_MILLI);
        static final Figure REQUEST_BYTES = new Figure(1, 1);
        static final Figure RESPONSE_BYTES = new Figure(2, 1);
        private static final Figure[] ALL = {DURATION, REQUEST_BYTES, RESPONSE_BYTES};

        private final int from;
        private final long[] upTo = new long[BUCKETS - 1];
        private final long unit;

        /**
         * @param place in the array
         * @param unit how many of what is recorded one of what is exposed is
         */
        private Figure(int place, long unit) {
            this.from = place * SIZE;
            this.unit = unit;
            for (int i = 0; i < BOUNDS.length; i++) {
                upTo[i] = (long) (BOUNDS[i] * unit);
            }
        }

        /** Upper bounds of all buckets, the last one infinite. */
        static double[] bounds() {
            double[] bounds = Arrays.copyOf(BOUNDS, BUCKETS);
            bounds[BUCKETS - 1] = Double.POSITIVE_INFINITY;
            return bounds;
        }

        /** Nanoseconds as milliseconds; bytes as they are. */
        double exposed(long recorded) {
            return (double) recorded / unit;
        }
    }

    /** Opaque: whole longs that arrive some time, for the price of plain ones. */
    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] cells = new long[MINUTE_NUMBERS + MINUTES];

    /**
     * Counts a request that has just ended.
     *
     * @param startedMillis wall clock at its start, milliseconds since 1970
     */
    void record(long startedMillis, long durationNanos, long requestBytes, long responseBytes) {
        long duration = Math.max(0, durationNanos);
        int recent = minuteOf(startedMillis + duration / NANOS_PER_MILLI);
        record(Figure.DURATION, duration, recent);
        record(Figure.REQUEST_BYTES, requestBytes, recent);
        record(Figure.RESPONSE_BYTES, responseBytes, recent);
    }

    private void record(Figure figure, long value, int recent) {
        long[] upTo = figure.upTo;
        int bucket = 0;
        while (bucket < upTo.length && value > upTo[bucket]) {
            bucket++;
        }
        add(figure.from + bucket, 1);
        add(figure.from + SUM, value);
        int maximum = figure.from + MAXIMA + recent;
        if (value > cells[maximum]) {
            CELL.setOpaque(cells, maximum, value);
        }
    }

    private void add(int cell, long more) {
        CELL.setOpaque(cells, cell, cells[cell] + more);
    }

    /** Where maxima of now go; what was there belongs to a minute that is over. */
    private int minuteOf(long epochMillis) {
        long minute = epochMillis / MILLIS_PER_MINUTE;
        int place = (int) (minute % MINUTES);
        if (cells[MINUTE_NUMBERS + place] != minute) {
            for (Figure figure : Figure.ALL) {
                CELL.setOpaque(cells, figure.from + MAXIMA + place, 0L);
            }
            // Last: who reads the number must not find the maxima of an earlier minute behind it.
            CELL.setRelease(cells, MINUTE_NUMBERS + place, minute);
        }
        return place;
    }

    /** Adds the buckets of {@code figure} to {@code sums}, which has {@link #BUCKETS} places. */
    void addBuckets(Figure figure, long[] sums) {
        for (int i = 0; i < BUCKETS; i++) {
            sums[i] += (long) CELL.getOpaque(cells, figure.from + i);
        }
    }

    /** Sum of all values. */
    long sum(Figure figure) {
        return (long) CELL.getOpaque(cells, figure.from + SUM);
    }

    /** The largest value of the minute of {@code nowMillis} and the two before it; 0 for none. */
    long maximum(Figure figure, long nowMillis) {
        long oldest = nowMillis / MILLIS_PER_MINUTE - MINUTES + 1;
        long maximum = 0;
        for (int place = 0; place < MINUTES; place++) {
            if ((long) CELL.getAcquire(cells, MINUTE_NUMBERS + place) >= oldest) {
                maximum = Math.max(maximum, (long) CELL.getOpaque(cells, figure.from + MAXIMA + place));
            }
        }
        return maximum;
    }
}
