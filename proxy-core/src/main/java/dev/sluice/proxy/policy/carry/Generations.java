package dev.sluice.proxy.policy.carry;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BinaryOperator;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A map that forgets the oldest: what is put goes into the young generation; when that is full or old it becomes the old
 * one, and the old one before it is dropped whole. So an entry stays for at least one lifetime and two at most, unless the
 * bound is reached before, and forgetting costs nothing per entry.
 *
 * <p>Not a cache that keeps what was often asked for and turns newcomers away when it is full: an id is asked for once or
 * twice, soon after it came, so here the newcomer is the one that matters.
 *
 * <p>Thread-safe.
 */
final class Generations<V> {
    private final long maxBytes;
    private final long lifetimeNanos;
    private final LongSupplier nanoTime;
    private final ToLongFunction<V> weight;
    private volatile Pair<V> pair;

    private static final class Generation<V> {
        final ConcurrentHashMap<String, V> entries = new ConcurrentHashMap<>();
        final AtomicLong bytes = new AtomicLong();
        final long sinceNanos;

        Generation(long sinceNanos) {
            this.sinceNanos = sinceNanos;
        }
    }

    private record Pair<V>(Generation<V> young, Generation<V> old) {}

    /**
     * Empty.
     *
     * @param maxBytes of both generations together
     * @param weight upper estimate of a value's bytes
     */
    Generations(long maxBytes, long lifetimeNanos, LongSupplier nanoTime, ToLongFunction<V> weight) {
        this.maxBytes = maxBytes;
        this.lifetimeNanos = lifetimeNanos;
        this.nanoTime = nanoTime;
        this.weight = weight;
        long now = nanoTime.getAsLong();
        this.pair = new Pair<>(new Generation<>(now), new Generation<>(now));
    }

    /** Puts {@code value}, or what {@code merge} makes of the known value and it. */
    void put(String key, V value, BinaryOperator<V> merge) {
        long now = nanoTime.getAsLong();
        Pair<V> current = current(now);
        Generation<V> young = current.young;
        young.entries.compute(key, (same, known) -> {
            V before = known == null ? current.old.entries.get(key) : known;
            V after = before == null ? value : merge.apply(before, value);
            young.bytes.addAndGet(weight(key, after) - (known == null ? 0 : weight(key, known)));
            return after;
        });
        if (young.bytes.get() > maxBytes / 2) {
            turn(young, now);
        }
    }

    /** Null when it is not known, or no more. */
    @Nullable
    V get(String key) {
        Pair<V> current = current(nanoTime.getAsLong());
        V found = current.young.entries.get(key);
        return found == null ? current.old.entries.get(key) : found;
    }

    private Pair<V> current(long now) {
        Pair<V> current = pair;
        if (now - current.young.sinceNanos > lifetimeNanos) {
            turn(current.young, now);
        }
        return pair;
    }

    @SuppressWarnings("ReferenceEquality") // a generation is its identity
    private synchronized void turn(Generation<V> full, long now) {
        Generation<V> young = pair.young;
        if (young == full) {
            boolean oldToo = now - young.sinceNanos > 2 * lifetimeNanos;
            pair = new Pair<>(new Generation<>(now), oldToo ? new Generation<>(now) : young);
        }
    }

    private long weight(String key, V value) {
        return 2L * key.length() + weight.applyAsLong(value);
    }

    /** Bytes held now. */
    long bytes() {
        Pair<V> current = current(nanoTime.getAsLong());
        return current.young.bytes.get() + current.old.bytes.get();
    }
}
