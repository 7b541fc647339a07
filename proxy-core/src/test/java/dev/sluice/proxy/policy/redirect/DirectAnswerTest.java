package dev.sluice.proxy.policy.redirect;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.sluice.config.plan.Body;
import dev.sluice.config.plan.RouteActionPlan.DirectResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** spec/istio-fields.md §1.6. */
class DirectAnswerTest {
    @Test
    void aBodyIsPlainTextUnlessAnOperationSaysOtherwise() {
        byte[] bytes = "né".getBytes(StandardCharsets.UTF_8);
        DirectAnswer answer = new DirectAnswer(new DirectResponse(418, Body.of(bytes)));
        assertEquals(418, answer.status());
        assertEquals("text/plain", String.valueOf(answer.contentType()));
        assertArrayEquals(bytes, answer.body());
    }

    @Test
    void withoutABodyThereIsNoType() {
        DirectAnswer answer = new DirectAnswer(new DirectResponse(200, Body.EMPTY));
        assertNull(answer.contentType());
        assertEquals(0, answer.body().length);
    }
}
