package dev.sluice.proxy.codec.http1.connection;

import dev.sluice.proxy.overload.MemoryHolder;
import dev.sluice.proxy.overload.MemoryPressure;
import dev.sluice.proxy.stream.ProxyError;
import java.util.function.Consumer;

/** The memory of an HTTP/1 connection, either end. */
final class H1Holder extends MemoryHolder {
    private final Wire wire;
    private final Consumer<ProxyError> end;

    /** @param end closes the connection, and says why to the exchange in flight */
    H1Holder(Wire wire, Consumer<ProxyError> end) {
        this.wire = wire;
        this.end = end;
        enter(wire.memory());
    }

    /** What the connection is ended with when memory was asked for and there was none. */
    ProxyError exhausted(OutOfMemoryError cause) {
        return wire.memory().pressure().exhausted(cause);
    }

    @Override
    protected long heldBytes() {
        return wire.heldBytes();
    }

    @Override
    protected void shed(int atLeastBytes, MemoryPressure pressure) {
        // What the peer has of a message must not look like all of it; and its reset frees the kernel's buffers too.
        wire.resetOnClose();
        end.accept(pressure.ending());
    }
}
