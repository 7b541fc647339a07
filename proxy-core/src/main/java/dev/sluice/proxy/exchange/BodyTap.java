package dev.sluice.proxy.exchange;

import io.netty.buffer.ByteBuf;

/** Looks on while a request's body passes. Event loop of the exchange. */
public interface BodyTap {
    /** A piece passes; it is the caller's to release, {@code retainedDuplicate} it to keep it. */
    void onData(ByteBuf data, boolean last);

    /** The exchange ended before the body did. */
    void onAbort();

    /** Both see everything. */
    default BodyTap and(BodyTap other) {
        BodyTap first = this;
        return new BodyTap() {
            @Override
            public void onData(ByteBuf data, boolean last) {
                first.onData(data, last);
                other.onData(data, last);
            }

            @Override
            public void onAbort() {
                first.onAbort();
                other.onAbort();
            }
        };
    }
}
