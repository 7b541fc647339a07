package dev.sluice.proxy.stream.headers;

import io.netty.util.AsciiString;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * End-to-end headers or trailers of a message: the codec's own header object or a view of it, so that a message that leaves in
 * the protocol it came in is never copied. Names compare without case and are given in lower case; order is kept.
 *
 * <p>Not thread-safe; belongs to the stream's event loop.
 */
public sealed interface Headers permits H1Headers, H2Headers {
    /** First value, or null. */
    @Nullable
    CharSequence get(AsciiString name);

    /**
     * First value, or null, to look at now: it may change with the next call of any headers on the thread. Who keeps it keeps
     * its text.
     */
    default @Nullable CharSequence peek(AsciiString name) {
        return get(name);
    }

    /** All values in order; empty when there is none. */
    List<? extends CharSequence> getAll(AsciiString name);

    /** Whether there is at least one value. */
    boolean contains(AsciiString name);

    /**
     * Whether a name begins with {@code prefix}, which is in lower case; cheaper than looking at all of them by {@link
     * #forEach}.
     */
    boolean containsPrefix(AsciiString prefix);

    /** Replaces all values of {@code name}. */
    void set(AsciiString name, CharSequence value);

    /** Appends a value. */
    void add(AsciiString name, CharSequence value);

    /** Removes all values of {@code name}. */
    boolean remove(AsciiString name);

    /** Number of entries (not of names). */
    int size();

    /** Calls {@code visitor} for each entry in order; it must not change the headers. */
    void forEach(Visitor visitor);

    /**
     * The exchange is over: gives memory back to the next one. Values and names that were asked for stay what they are; who
     * asks from now on finds no headers. Only the exchange calls it, once everybody has been told of its end.
     */
    default void recycle() {}

    /** A deep copy that may be changed without touching this. */
    Headers copy();

    /** Whether there is more than one value. */
    boolean isRepeated(AsciiString name);

    /**
     * All values joined with a comma (RFC 9110 section 5.2), those of {@code cookie} as the crumbs of one (RFC 9113 section
     * 8.2.3): browsers break it up in HTTP/2, and a rule must not see that. Null when there is none. A single value, the
     * ordinary case, is returned as it is.
     */
    default @Nullable CharSequence joined(AsciiString name) {
        CharSequence first = get(name);
        if (first == null || !isRepeated(name)) {
            return first;
        }
        return String.join(name.contentEquals(HeaderNames.COOKIE) ? "; " : ",", getAll(name));
    }

    /**
     * Whether {@code name} is there and {@code test} holds for its value. Of several values it has to hold for all of them
     * {@linkplain #joined joined}, as spec/istio-fields.md §1.2 says, or for one, as Envoy 1.40 asks: a rule must not be evaded
     * by one more line. {@code test} looks at a value as {@link #peek} does.
     */
    default boolean satisfies(AsciiString name, Predicate<CharSequence> test) {
        CharSequence all = joined(name);
        if (all == null) {
            return false;
        }
        return test.test(all) || (isSeveral(name) && getAll(name).stream().anyMatch(test));
    }

    /** Whether there are values of {@code name} that each count for themselves, as crumbs of a cookie do not. */
    default boolean isSeveral(AsciiString name) {
        return isRepeated(name) && !name.contentEquals(HeaderNames.COOKIE);
    }

    /** Sees one entry. */
    @FunctionalInterface
    interface Visitor {
        /** {@code name} may be in any case for HTTP/1. */
        void entry(CharSequence name, CharSequence value);
    }
}
