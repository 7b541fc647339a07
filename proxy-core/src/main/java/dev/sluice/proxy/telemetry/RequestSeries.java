package dev.sluice.proxy.telemetry;

import dev.sluice.proxy.telemetry.RequestCells.Figure;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Arrays;

/** The requests of one set of labels, in cells of which each event loop has its own. Thread-safe. */
final class RequestSeries {
    private final Labels labels;
    private volatile RequestCells[] cells = {};

    RequestSeries(Labels labels) {
        this.labels = labels;
    }

    Labels labels() {
        return labels;
    }

    /** Cells for a loop that has none here yet. */
    synchronized RequestCells newCells() {
        RequestCells added = new RequestCells();
        RequestCells[] known = cells;
        RequestCells[] more = Arrays.copyOf(known, known.length + 1);
        more[known.length] = added;
        cells = more;
        return added;
    }

    /** How many values of {@code figure} are in each bucket. */
    long[] buckets(Figure figure) {
        long[] sums = new long[RequestCells.BUCKETS];
        for (RequestCells held : cells) {
            held.addBuckets(figure, sums);
        }
        return sums;
    }

    /** Sum of all values, in the unit that is exposed. */
    double sum(Figure figure) {
        long sum = 0;
        for (RequestCells held : cells) {
            sum += held.sum(figure);
        }
        return figure.exposed(sum);
    }

    /** The largest value of the last minutes, in the unit that is exposed. */
    double maximum(Figure figure, long nowMillis) {
        long maximum = 0;
        for (RequestCells held : cells) {
            maximum = Math.max(maximum, held.maximum(figure, nowMillis));
        }
        return figure.exposed(maximum);
    }
}
