package dev.sluice.proxy.session;

/** Told how connections of bytes go, on their event loops. Must neither block nor keep the session. */
public interface TcpObserver {
    /** Tells nobody. */
    TcpObserver NONE = new TcpObserver() {
        @Override
        public void onEnd(TcpSession session) {}
    };

    /** The connection to its upstream came about; called once, before any bytes, and not for one that is closed before that. */
    default void onOpen(TcpSession session) {}

    /**
     * Bytes have flowed; called from time to time and once more before {@link #onEnd}, so that what a long connection
     * carries is seen while it lives.
     *
     * @param received from the client since the last call
     * @param sent to the client since the last call
     */
    default void onBytes(TcpSession session, long received, long sent) {}

    /** It is over; called once. */
    void onEnd(TcpSession session);
}
