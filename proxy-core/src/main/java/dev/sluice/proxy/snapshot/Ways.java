package dev.sluice.proxy.snapshot;

import dev.sluice.proxy.tcp.TcpRoute;
import org.jspecify.annotations.Nullable;

/**
 * What may become of connections to one dialled address and port. Immutable.
 *
 * @param http takes what is HTTP in the clear; null where nothing is declared to be
 * @param names take TLS that asks for their servers
 * @param bytes takes what is not HTTP; null where there is nothing to take it
 * @param otherwise takes what neither of them does: what nobody declared for the address; null for nothing
 * @param ended takes all connections, which must begin TLS that ends here; null where they need not
 */
public record Ways(
        @Nullable HttpRuntime http,
        ServerNames names,
        @Nullable TcpRoute bytes,
        @Nullable TcpRoute otherwise,
        @Nullable ChainRuntime ended) {
    /** Without TLS that ends here. */
    public Ways(@Nullable HttpRuntime http, ServerNames names, @Nullable TcpRoute bytes, @Nullable TcpRoute otherwise) {
        this(http, names, bytes, otherwise, null);
    }

    /** Whether the first bytes must be seen before it is clear where the connection goes. */
    public boolean toldByBytes() {
        return http != null || !names.isEmpty() || ended != null;
    }

    /** What takes requests, inside TLS where that ends here; null where nothing does. */
    public @Nullable HttpRuntime requests() {
        return ended == null ? http : ended.http();
    }

    /** Whether a silent client may be one that waits for its server to speak first. */
    public boolean serverMaySpeakFirst() {
        return bytes != null && ended == null;
    }

    /** What takes bytes that are nobody's by name; null when nothing does. */
    public @Nullable TcpRoute unnamed() {
        return bytes == null ? otherwise : bytes;
    }

    /** What takes bytes of which nothing is known; null when nothing does. */
    public @Nullable TcpRoute carried() {
        return ended == null ? unnamed() : ended.route();
    }
}
