package dev.sluice.proxy.e2e.grpc;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.e2e.fixture.Shop;
import dev.sluice.proxy.e2e.fixture.TestProxy;
import dev.sluice.proxy.e2e.fixture.WireH2;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A gRPC call to an upstream that knows no gRPC gets a gRPC status all the same (spec/reliability.md B64). */
class GrpcStatusIT {
    @ParameterizedTest
    @CsvSource({"400,13", "401,16", "403,7", "404,12", "429,14", "502,14", "503,14", "504,14", "500,2", "302,2"})
    void anHttpStatusBecomesTrailersOnly(int status, int grpcStatus) throws Exception {
        try (StatusServer upstream = new StatusServer();
                TestProxy proxy = TestProxy.start(Shop.yaml(upstream.port(), "GRPC"));
                WireH2 client = new WireH2(proxy.address(8080))) {
            client.headers(1, false, call(status));
            String answer = client.answer(1);
            assertTrue(answer.contains(" :status=200"), answer);
            assertTrue(answer.contains(" content-type=application/grpc"), answer);
            assertTrue(answer.contains(" grpc-status=" + grpcStatus), answer);
            assertTrue(answer.contains(" grpc-message=the upstream answered HTTP " + status), answer);
            assertTrue(answer.endsWith(" END"), answer);
        }
    }

    @Test
    void whoDoesNotAskForGrpcSeesTheStatus() throws Exception {
        try (StatusServer upstream = new StatusServer();
                TestProxy proxy = TestProxy.start(Shop.yaml(upstream.port(), "GRPC"));
                WireH2 client = new WireH2(proxy.address(8080))) {
            client.headers(1, true, ":method", "GET", ":scheme", "http", ":authority", "shop", ":path", "/503");
            String head = client.readUntil(line -> line.startsWith("HEADERS 1")).stream()
                    .reduce("", (first, second) -> second);
            assertTrue(head.contains(" :status=503"), head);
            assertFalse(head.contains("grpc-status"), head);
        }
    }

    private static String[] call(int status) {
        return new String[] {
            ":method",
            "POST",
            ":scheme",
            "http",
            ":authority",
            "shop",
            ":path",
            "/" + status,
            "content-type",
            "application/grpc+proto",
            "te",
            "trailers"
        };
    }
}
