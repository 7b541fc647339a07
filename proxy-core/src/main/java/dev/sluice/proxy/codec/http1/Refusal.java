package dev.sluice.proxy.codec.http1;

import dev.sluice.proxy.stream.ErrorCode;

/**
 * A message breaks a rule of spec/reliability.md B. Carries no stack trace, so that refusing stays cheap.
 */
public final class Refusal extends RuntimeException {
    private final ErrorCode code;
    private final boolean framingKnown;

    /**
     * After this refusal the connection must be closed: where the next message begins is in doubt.
     *
     * @param code what the client is told
     * @param detail one sentence for the log
     */
    public Refusal(ErrorCode code, String detail) {
        this(code, detail, false);
    }

    private Refusal(ErrorCode code, String detail, boolean framingKnown) {
        super(detail, null, false, false);
        this.code = code;
        this.framingKnown = framingKnown;
    }

    /** The message is well-formed, and only what it asks for is refused: the connection may go on. */
    static Refusal wellFormed(ErrorCode code, String detail) {
        return new Refusal(code, detail, true);
    }

    /** What the client is told. */
    public ErrorCode code() {
        return code;
    }

    /** One sentence for the log. */
    public String detail() {
        return String.valueOf(getMessage());
    }

    /** Whether the rest of the message can be read and the connection kept. */
    public boolean isFramingKnown() {
        return framingKnown;
    }
}
