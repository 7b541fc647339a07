package dev.sluice.proxy.exchange;

import dev.sluice.proxy.stream.DownstreamConnection;
import dev.sluice.proxy.stream.RequestHead;
import org.jspecify.annotations.Nullable;

/** What consistent hashing reads of a request, and what it leaves with it: of one that is served, or only asked about. */
public interface KeyedRequest {
    /** The request as it came, before any edit of its route. */
    RequestHead request();

    /** The connection it came on; null where there is none, so that nothing can be hashed by it. */
    @Nullable
    DownstreamConnection connection();

    /**
     * The client's IP address as text, without port, behind the proxies that are believed; null where it has none, or nobody
     * knows it.
     */
    @Nullable
    String clientHost();

    /** Adds the hash of a key; several are combined in order (spec/istio-fields.md §12.5). */
    void addHashKey(long hash);

    /** Whether the request has a key. */
    boolean isHashed();

    /** Hash of all keys, for {@link #isHashed()}. */
    long hashKey();

    /** Adds an edit of the response head. */
    void addResponseEdit(ResponseEdit edit);

    /** The hash of keys so far together with that of a further one. */
    static long combine(long before, long hash) {
        return Long.rotateLeft(before, 1) ^ hash;
    }
}
