package dev.sluice.proxy.assembly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.exchange.RequestBody;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Copies of requests with bodies. */
class MirrorsTest {
    private final List<PlayedTry> tries = new ArrayList<>();

    @Test
    void aCopyThatIsNotAnsweredKeepsNothingOfItsBody() {
        try (VirtualProxy proxy = new VirtualProxy(OneRoute.yaml("mirror: {host: shop.example.com},"))) {
            proxy.server(next -> tries.add(next.open()));
            PlayedClient client = proxy.post("/").send("one ", false).send("two", true);
            assertEquals(2, tries.size());
            PlayedTry copy = tries.get(1);
            assertEquals("one two", copy.body());
            assertFalse(body(copy).isReplayable(), "what was sent is let go of");
            assertTrue(body(tries.get(0)).isReplayable(), "the request itself may be tried again");
            tries.get(0).answer(200);
            assertEquals(200, client.status());
            copy.answer(200);
            proxy.assertNothingIsLeft();
        }
    }

    private static RequestBody body(PlayedTry of) {
        RequestBody body = of.attempt().exchange().body();
        assertNotNull(body);
        return body;
    }
}
