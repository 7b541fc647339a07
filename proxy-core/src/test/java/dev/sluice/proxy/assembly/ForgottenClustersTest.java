package dev.sluice.proxy.assembly;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Services that a reload takes away, and the requests that were on their way to them. */
class ForgottenClustersTest {
    private static final String SHOP = OneRoute.yaml("fault: {delay: {percentage: {value: 100}, fixedDelay: 5s}},");
    /** The same route to another service, in place of the only one. */
    private static final String STORE = OneRoute.yaml("").replace("shop.example.com", "store.example.com");

    private final List<PlayedTry> tries = new ArrayList<>();

    @Test
    void aRequestThatIsStillDelayedReachesTheServiceItWasRoutedTo() {
        try (VirtualProxy proxy = new VirtualProxy(SHOP)) {
            PlayedClient client = proxy.get("/");
            proxy.prepare(STORE).run();
            proxy.advance(Duration.ofSeconds(6));
            assertEquals(200, client.status());
        }
    }

    @Test
    void aTryThatFailsIsRepeatedThereToo() {
        try (VirtualProxy proxy = new VirtualProxy(OneRoute.yaml("retries: {attempts: 1, retryOn: 5xx},"))) {
            proxy.server(next -> tries.add(next.open()));
            PlayedClient client = proxy.get("/");
            proxy.prepare(STORE).run();
            tries.get(0).answer(503);
            proxy.advance(Duration.ofSeconds(1));
            assertEquals(2, tries.size());
            tries.get(1).answer(200);
            assertEquals(200, client.status());
        }
    }

    @Test
    void untilTheOtherConfigurationIsInForceItsConnectionsServe() {
        try (VirtualProxy proxy = VirtualProxy.withPools(OneRoute.yaml(""))) {
            assertEquals(200, proxy.get("/").status());
            Runnable swap = proxy.prepare(STORE);
            assertEquals(200, proxy.get("/").status());
            assertEquals(1, proxy.openConnections(), "one for both");
            swap.run();
            assertEquals(0, proxy.openConnections());
            assertEquals(200, proxy.get("/").status());
            assertEquals(1, proxy.openConnections(), "to the service of now");
        }
    }
}
