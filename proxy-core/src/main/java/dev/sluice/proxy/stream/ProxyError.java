package dev.sluice.proxy.stream;

/**
 * Why something ended. A value, not an exception: it costs no stack trace and crosses layers as it is.
 *
 * @param code stable code
 * @param origin who caused it
 * @param retry whether the request may have been processed
 * @param detail one sentence for the log and the admin port, never sent to a client; may be empty
 */
public record ProxyError(ErrorCode code, Origin origin, RetryVerdict retry, String detail) {
    /** Who caused it. */
    public enum Origin {
        DOWNSTREAM,
        UPSTREAM,
        PROXY
    }

    /** What the layer that saw the failure knows about the request. */
    public enum RetryVerdict {
        /** Provably not processed: nothing was written, REFUSED_STREAM, id above GOAWAY's last, connect failed. */
        NOT_PROCESSED,
        /**
         * The connection had carried requests before and ended before the first response byte: most likely the peer's
         * idle close, safe for idempotent requests (spec/reliability.md B43).
         */
        REUSED_CONNECTION,
        /** May have been processed. */
        UNKNOWN,
        /** Retrying cannot help or must not happen. */
        NEVER
    }

    /** Whether the time of a request or of a try passed. */
    public boolean isTimeout() {
        return code == ErrorCode.TIMEOUT || code == ErrorCode.TRY_TIMEOUT;
    }

    /** An upstream failure that may have been processed. */
    public static ProxyError upstream(ErrorCode code, String detail) {
        return new ProxyError(code, Origin.UPSTREAM, RetryVerdict.UNKNOWN, detail);
    }

    /** An upstream failure of a request that was provably not processed. */
    public static ProxyError notProcessed(ErrorCode code, String detail) {
        return new ProxyError(code, Origin.UPSTREAM, RetryVerdict.NOT_PROCESSED, detail);
    }

    /** The client's fault. */
    public static ProxyError downstream(ErrorCode code, String detail) {
        return new ProxyError(code, Origin.DOWNSTREAM, RetryVerdict.NEVER, detail);
    }

    /** Our own decision. */
    public static ProxyError proxy(ErrorCode code, String detail) {
        return new ProxyError(code, Origin.PROXY, RetryVerdict.NEVER, detail);
    }
}
