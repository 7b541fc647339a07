package dev.sluice.proxy.tls;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What happened in handshakes so far. Thread-safe. */
public final class TlsCounters {
    /** Whose handshake. */
    public enum Side {
        /** Clients of this proxy. */
        DOWNSTREAM,
        /** This proxy as a client. */
        UPSTREAM
    }

    private final Map<Side, LongAdder> handshakes = new EnumMap<>(Side.class);
    private final Map<Side, Map<TlsFailure, LongAdder>> failures = new EnumMap<>(Side.class);
    private final LongAdder loadFailures = new LongAdder();

    /** Starts at zero. */
    public TlsCounters() {
        for (Side side : Side.values()) {
            handshakes.put(side, new LongAdder());
            Map<TlsFailure, LongAdder> byReason = new EnumMap<>(TlsFailure.class);
            for (TlsFailure failure : TlsFailure.values()) {
                byReason.put(failure, new LongAdder());
            }
            failures.put(side, byReason);
        }
    }

    /** A handshake was completed. */
    public void completed(Side side) {
        of(handshakes, side).increment();
    }

    /** One came to nothing. */
    public void failed(Side side, TlsFailure why) {
        of(of(failures, side), why).increment();
    }

    void loadFailed() {
        loadFailures.increment();
    }

    /** Completed handshakes. */
    public long handshakes(Side side) {
        return of(handshakes, side).sum();
    }

    /** Handshakes that came to nothing for that reason. */
    public long failures(Side side, TlsFailure why) {
        return of(of(failures, side), why).sum();
    }

    /** How often certificates could not be loaded; those before stayed in force. */
    public long loadFailures() {
        return loadFailures.sum();
    }

    private static <K, V> V of(Map<K, V> all, K key) {
        V value = all.get(key);
        if (value == null) {
            throw new IllegalArgumentException(String.valueOf(key));
        }
        return value;
    }
}
