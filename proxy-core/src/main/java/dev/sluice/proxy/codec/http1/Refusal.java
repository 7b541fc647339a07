package dev.sluice.proxy.codec.http1;

import dev.sluice.proxy.stream.ErrorCode;

/**
 * A message breaks a rule of spec/reliability.md B. Thrown through Netty's decoder, which knows no other way to stop;
 * carries no stack trace, so that refusing stays cheap.
 */
public final class Refusal extends RuntimeException {
    private final ErrorCode code;

    /**
     * A rule's refusal.
     *
     * @param code what the client is told
     * @param detail one sentence for the log
     */
    public Refusal(ErrorCode code, String detail) {
        super(detail, null, false, false);
        this.code = code;
    }

    /** What the client is told. */
    public ErrorCode code() {
        return code;
    }

    /** One sentence for the log. */
    public String detail() {
        return String.valueOf(getMessage());
    }
}
