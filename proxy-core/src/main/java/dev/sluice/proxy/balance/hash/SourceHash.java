package dev.sluice.proxy.balance.hash;

import org.jspecify.annotations.Nullable;

/** The key of a connection that carries bytes: its client's address. */
public final class SourceHash {
    private SourceHash() {}

    /**
     * Hash of an address, the same as that of a request of the client whose route hashes by source address.
     *
     * @param host without port; null for a client that has none
     * @return null without an address
     */
    public static @Nullable Long of(@Nullable String host) {
        return host == null ? null : WireHash.of(host);
    }
}
