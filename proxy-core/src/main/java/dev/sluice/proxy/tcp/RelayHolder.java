package dev.sluice.proxy.tcp;

import dev.sluice.proxy.overload.MemoryHolder;
import dev.sluice.proxy.overload.MemoryPressure;

/** The memory of a relay, both of its sides. */
final class RelayHolder extends MemoryHolder {
    private final TcpRelay relay;

    RelayHolder(TcpRelay relay) {
        this.relay = relay;
    }

    @Override
    protected long heldBytes() {
        return relay.heldBytes();
    }

    @Override
    protected void shed(int atLeastBytes, MemoryPressure pressure) {
        relay.cut(pressure.ending());
    }
}
