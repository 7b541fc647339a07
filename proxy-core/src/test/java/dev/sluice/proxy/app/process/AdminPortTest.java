package dev.sluice.proxy.app.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.config.plan.ListenerPlan;
import dev.sluice.config.plan.ListenerPlan.BindAddress;
import dev.sluice.config.plan.ListenerPlan.Kind;
import dev.sluice.config.plan.SourceRef;
import dev.sluice.config.plan.TrafficPlan;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which listener of the configuration is told to have the admin port. */
class AdminPortTest {
    private static ListenerPlan listener(String name, @Nullable String host, int port, SourceRef at) {
        return new ListenerPlan(
                name, new BindAddress(host, port), Kind.GATEWAY, TrafficPlan.chains(List.of()), List.of(), at);
    }

    private static @Nullable String holder(@Nullable String host) {
        List<ListenerPlan> listeners = List.of(
                listener("socket", "/run/a.sock", 0, SourceRef.NONE),
                listener("other-port", null, 15001, SourceRef.NONE),
                listener("other-address", "127.0.0.9", 15000, SourceRef.NONE),
                listener("same", "127.0.0.1", 15000, SourceRef.NONE),
                listener("every", null, 15000, SourceRef.NONE));
        return AdminPort.holder(listeners, new BindAddress(host, 15000));
    }

    @Test
    void theFirstOneThatHasTheAddressIsNamed() {
        assertEquals("same", holder("127.0.0.1"));
        assertEquals("every", holder("127.0.0.8"));
        assertEquals("other-address", holder("0.0.0.0"));
        assertEquals("other-address", holder(null));
    }

    @Test
    void anotherProcessIsNotTheConfiguration() {
        assertEquals(null, AdminPort.holder(List.of(), new BindAddress("127.0.0.1", 15000)));
    }
}
