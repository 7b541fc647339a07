package dev.sluice.proxy.e2e.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A header reaches the third service of a chain whose apps pass on nothing but an id. */
class HeaderCarryIT {
    private static final int REQUESTS = 10_000;
    private static final int LEAST = 1_000;
    private static final int AT_ONCE = 12;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @ParameterizedTest
    @ValueSource(strings = {"traceparent", "x-request-id"})
    void theThirdServiceGetsTheHeader(String passedOn) throws Exception {
        try (CarryHop third = new CarryHop(passedOn, "x-my-header", null);
                CarryHop second = new CarryHop(passedOn, "x-my-header", third);
                CarryHop first = new CarryHop(passedOn, "x-my-header", second)) {
            assertEquals(200, send(first, 7, "dark").get(60, TimeUnit.SECONDS).statusCode());
            assertEquals("dark", third.received("/7"));
        }
    }

    @Test
    void nothingIsCarriedWhereNothingIsConfigured() throws Exception {
        try (CarryHop third = new CarryHop("traceparent", "", null);
                CarryHop second = new CarryHop("traceparent", "", third);
                CarryHop first = new CarryHop("traceparent", "", second)) {
            assertEquals(200, send(first, 7, "dark").get(60, TimeUnit.SECONDS).statusCode());
            assertEquals("none", third.received("/7"));
        }
    }

    @Test
    void interleavedRequestsNeverLeakIntoOneAnother() throws Exception {
        try (CarryHop third = new CarryHop("traceparent", "x-my-header", null);
                CarryHop second = new CarryHop("x-request-id", "x-my-header", third);
                CarryHop first = new CarryHop("traceparent", "x-my-header", second)) {
            Queue<CompletableFuture<HttpResponse<Void>>> inFlight = new ArrayDeque<>();
            int sent = 0;
            // Seconds for all of them; on a machine that needs minutes for that a tenth is enough.
            long endNanos = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
            for (; sent < REQUESTS && (sent < LEAST || System.nanoTime() - endNanos < 0); sent++) {
                if (inFlight.size() == AT_ONCE) {
                    assertEquals(
                            200, inFlight.remove().get(60, TimeUnit.SECONDS).statusCode());
                }
                inFlight.add(send(first, sent, expected(sent)));
            }
            for (CompletableFuture<HttpResponse<Void>> last : inFlight) {
                assertEquals(200, last.get(60, TimeUnit.SECONDS).statusCode());
            }
            for (int i = 0; i < sent; i++) {
                assertEquals(expected(i), third.received("/" + i));
            }
        }
    }

    /** Every third request has no such header. */
    private static String expected(int request) {
        return request % 3 == 2 ? "none" : "v" + request;
    }

    private CompletableFuture<HttpResponse<Void>> send(CarryHop to, int number, String header) {
        String url = "http://" + to.inbound().getAddress().getHostAddress() + ":"
                + to.inbound().getPort() + "/" + number;
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .header("traceparent", String.format(Locale.ROOT, "00-%032x-00f067aa0ba902b7-01", number + 1));
        if (!header.equals("none")) {
            request.header("x-my-header", header);
        }
        return client.sendAsync(request.build(), BodyHandlers.discarding());
    }
}
