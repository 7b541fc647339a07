package dev.sluice.proxy.assembly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What operators in header values know of the exchange, and when. */
class HeaderOperatorsTest {
    @Test
    void aRequestsHeaderKnowsItsFirstTryAndAResponsesAllOfThem() {
        try (VirtualProxy proxy = new VirtualProxy(
                OneRoute.yaml(
                        "retries: {attempts: 1, retryOn: '503', backoff: 10ms},"
                                + " headers: {request: {set: {x-tries: '%UPSTREAM_REQUEST_ATTEMPT_COUNT%', x-spoken: '%UPSTREAM_PROTOCOL%',"
                                + " x-details: '%RESPONSE_CODE_DETAILS%'}},"
                                + " response: {set: {x-tries: '%UPSTREAM_REQUEST_ATTEMPT_COUNT%', x-spoken: '%UPSTREAM_PROTOCOL%',"
                                + " x-details: '%RESPONSE_CODE_DETAILS%', x-page: '%QUERY_PARAM(page)%', x-path: '%PATH(NQ)%'}}},"))) {
            proxy.server(next -> {
                PlayedTry begun = next.open();
                assertEquals("1", begun.header("x-tries"));
                assertNull(begun.header("x-spoken"));
                assertNull(begun.header("x-details"));
                begun.answer(begun.number() == 0 ? 503 : 200);
            });
            PlayedClient client = proxy.get("/list?page=%37");
            proxy.advance(Duration.ofSeconds(1));
            assertEquals(200, client.status());
            assertEquals("2", client.header("x-tries"));
            assertEquals("HTTP/1.1", client.header("x-spoken"));
            assertEquals("via_upstream", client.header("x-details"));
            assertEquals("7", client.header("x-page"));
            assertEquals("/list", client.header("x-path"));
        }
    }

    @Test
    void aResponsesHeaderTellsHowLongItTook() {
        try (VirtualProxy proxy =
                new VirtualProxy(OneRoute.yaml("fault: {delay: {percentage: {value: 100}, fixedDelay: 2s}},"
                        + " headers: {response: {set: {x-took: '%DURATION%', x-head: '%RESPONSE_DURATION%'}}},"))) {
            PlayedClient client = proxy.get("/");
            proxy.advance(Duration.ofMillis(2_100));
            assertEquals(200, client.status());
            int took = Integer.parseInt(String.valueOf(client.header("x-took")));
            assertEquals(client.answeredAfter().toMillis(), took);
            assertEquals(String.valueOf(took), client.header("x-head"));
        }
    }

    @Test
    void whatTheProxyAnswersItselfNamesItsReason() {
        try (VirtualProxy proxy = new VirtualProxy(
                OneRoute.yaml(
                        "fault: {abort: {percentage: {value: 100}, httpStatus: 418}},"
                                + " headers: {response: {set: {x-details: '%RESPONSE_CODE_DETAILS%', x-spoken: '%UPSTREAM_PROTOCOL%'}}},"))) {
            PlayedClient client = proxy.get("/");
            assertEquals("fault_filter_abort", client.header("x-details"));
            assertNull(client.header("x-spoken"));
        }
    }
}
