package dev.sluice.proxy.policy.carry;

import dev.sluice.proxy.stream.headers.Headers;
import io.netty.util.AsciiString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What requests to the app brought with them, by their ids (design.md, "Header carry"). Two requests that share an id but
 * not the values leave it ambiguous, and nothing is added for an ambiguous id: no guess. That takes remembering a request
 * without any of the headers too.
 *
 * <p>Bounded in bytes and in time. Outlives reloads. Thread-safe.
 */
public final class CarriedHeaders {
    /** What the memory may hold, ids and values; in bytes, estimated from above. */
    public static final long DEFAULT_MAX_BYTES = 32 * 1024 * 1024;

    /** How long an id is remembered at least after a request brought it, while the bound is not reached. */
    public static final Duration DEFAULT_LIFETIME = Duration.ofMinutes(5);

    private static final int ENTRY_OVERHEAD_BYTES = 160;
    private static final List<Carried> AMBIGUOUS = List.of(new Carried(AsciiString.EMPTY_STRING, List.of()));

    private final Generations<List<Carried>> byId;

    /** One header of a request: its values in their order, at least one. */
    record Carried(AsciiString name, List<String> values) {}

    /** With the default bounds. */
    public CarriedHeaders() {
        this(DEFAULT_MAX_BYTES, DEFAULT_LIFETIME, System::nanoTime);
    }

    /** @param nanoTime the clock of {@code lifetime} */
    CarriedHeaders(long maxBytes, Duration lifetime, LongSupplier nanoTime) {
        this.byId = new Generations<>(maxBytes, lifetime.toNanos(), nanoTime, CarriedHeaders::weight);
    }

    /** Remembers those of {@code names} that {@code headers} has, under every id that it has. */
    void remember(List<AsciiString> names, Headers headers) {
        RequestIdentity ids = RequestIdentity.of(headers);
        if (ids.trace() == null && ids.request() == null) {
            return;
        }
        List<Carried> found = find(names, headers);
        put(ids.trace(), found);
        put(ids.request(), found);
    }

    private void put(@Nullable String id, List<Carried> found) {
        if (id != null) {
            byId.put(id, found, (before, now) -> before.equals(now) ? before : AMBIGUOUS);
        }
    }

    /** Adds to {@code headers} what their ids stand for, as far as {@code names} still lists it and they lack it. */
    void recall(List<AsciiString> names, Headers headers) {
        RequestIdentity ids = RequestIdentity.of(headers);
        List<Carried> byTrace = ids.trace() == null ? null : byId.get(ids.trace());
        List<Carried> byRequest = ids.request() == null ? null : byId.get(ids.request());
        List<Carried> known = byTrace == null ? byRequest : byTrace;
        boolean agree = byTrace == null || byRequest == null || byTrace.equals(byRequest);
        if (known == null || !agree || known.equals(AMBIGUOUS)) {
            return;
        }
        for (Carried header : known) {
            if (names.contains(header.name) && !headers.contains(header.name)) {
                for (String value : header.values) {
                    headers.add(header.name, value);
                }
            }
        }
    }

    private static List<Carried> find(List<AsciiString> names, Headers headers) {
        List<Carried> found = List.of();
        for (AsciiString name : names) {
            if (headers.contains(name)) {
                if (found.isEmpty()) {
                    found = new ArrayList<>(names.size());
                }
                found.add(new Carried(
                        name,
                        headers.getAll(name).stream()
                                .map(CharSequence::toString)
                                .toList()));
            }
        }
        return found;
    }

    private static long weight(List<Carried> headers) {
        long bytes = ENTRY_OVERHEAD_BYTES;
        for (Carried header : headers) {
            bytes += ENTRY_OVERHEAD_BYTES;
            for (String value : header.values) {
                bytes += ENTRY_OVERHEAD_BYTES + 2L * value.length();
            }
        }
        return bytes;
    }

    /** Bytes held now, estimated from above. */
    long bytes() {
        return byId.bytes();
    }
}
