package dev.sluice.proxy.stream;

import io.netty.channel.EventLoop;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * An established upstream connection, offered by a client codec to the pool. All methods on {@link #loop()} only, except
 * the addresses and the TLS.
 */
public interface ClientConnection {
    /** Its event loop. */
    EventLoop loop();

    /** What it speaks. */
    HttpVersion version();

    /**
     * How many streams may be opened now: 0 or 1 for HTTP/1, up to the peer's limit for HTTP/2; 0 once it is draining or
     * closed. An HTTP/1 connection on which bytes arrived unasked counts as closed.
     */
    int openableStreams();

    /** Streams in flight. */
    int activeStreams();

    /**
     * Opens a stream; {@link #openableStreams()} must be positive.
     *
     * @param reader takes the response
     */
    ClientStream open(ResponseReader reader);

    /**
     * Seconds for which the peer keeps the connection open without a request, as its last response told ({@code
     * Keep-Alive: timeout}); -1 when it did not.
     */
    default int idleSeconds() {
        return -1;
    }

    /**
     * Asks the peer from now on whether it is still there, and closes where it is not. Called once at most; what has no
     * means to ask, as HTTP/1, does not.
     *
     * @param intervalNanos between its answer and the next question
     * @param timeoutNanos after a question, without a byte from it
     */
    default void watch(long intervalNanos, long timeoutNanos) {}

    /** Takes no further streams and closes once the last one is done. */
    void drain();

    /** Closes at once; streams in flight are reset with {@code error}. */
    void close(ProxyError error);

    /** Sets who is told about its state; once, before the first stream. */
    void listener(Listener listener);

    /** Our own end. */
    SocketAddress localAddress();

    /** The endpoint's address. */
    SocketAddress remoteAddress();

    /** Its TLS; null in clear text. */
    default @Nullable ConnectionTls tls() {
        return null;
    }

    /** Told about state changes, on {@link ClientConnection#loop()}. */
    interface Listener {
        /** {@link ClientConnection#openableStreams()} became positive or grew: a stream ended or the peer's limit rose. */
        void onStreamsAvailable(ClientConnection connection);

        /** It takes no further streams (GOAWAY, {@code Connection: close}); streams in flight go on. Called once at most. */
        void onDraining(ClientConnection connection);

        /** It is closed and all its streams have been told. Called once. */
        void onClosed(ClientConnection connection);
    }
}
