package dev.sluice.proxy.e2e.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.e2e.fixture.RawClient;
import dev.sluice.proxy.e2e.fixture.RawGateway;
import dev.sluice.proxy.e2e.fixture.RawUpstream;
import dev.sluice.proxy.e2e.fixture.TestProxy;
import dev.sluice.proxy.e2e.fixture.WireH2;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a route answers by itself, and who has the last word on a response's headers. */
class LocalAnswersIT {
    private static final String RULES =
            """
              - match: [{uri: {exact: /teapot}}]
                directResponse: {status: 418, body: {string: "short & stout: 100%"}}
                headers: {response: {set: {x-set: "1"}}}
              - match: [{uri: {exact: /fine}}]
                directResponse: {status: 200, body: {string: fine}}
              - match: [{uri: {exact: /faulty}}]
                fault: {abort: {percentage: {value: 100}, httpStatus: 200}}
                retries: {attempts: 1}
                route: [{destination: {host: raw.example.com}}]
              - match: [{uri: {exact: /old}}]
                redirect: {uri: /new}
              - match: [{uri: {exact: /aborted}}]
                fault: {abort: {percentage: {value: 100}, httpStatus: 418}}
                corsPolicy: {allowOrigins: [{exact: "http://app"}]}
                headers: {response: {set: {x-set: "1"}}}
                route: [{destination: {host: raw.example.com}}]
              - corsPolicy: {allowOrigins: [{exact: "http://app"}]}
                headers: {response: {set: {access-control-allow-origin: "*", x-set: "1"}}}
                route: [{destination: {host: raw.example.com}}]
            """;

    private RawUpstream upstream;
    private TestProxy proxy;
    private RawClient client;

    @BeforeEach
    void start() throws Exception {
        upstream = new RawUpstream(RawUpstream::answerAll);
        proxy = RawGateway.start(upstream.port(), RULES);
        client = new RawClient(proxy.address(8080));
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        proxy.close();
        upstream.close();
        assertEquals(List.of(), upstream.failures());
    }

    @Test
    void aDirectResponseToAGrpcRequestIsAStatusAndAMessage() throws Exception {
        RawClient.Answer answer = get("/teapot", "Content-Type: application/grpc\r\n");
        assertEquals(200, answer.status());
        assertEquals("application/grpc", answer.header("content-type"));
        assertEquals("2", answer.header("grpc-status"));
        assertEquals("short & stout: 100%25", answer.header("grpc-message"));
        assertEquals("1", answer.header("x-set"));
        assertEquals("", answer.body());
        RawClient.Answer plain = get("/teapot", "");
        assertEquals(418, plain.status());
        assertEquals("short & stout: 100%", plain.body());
        assertNull(plain.header("grpc-status"));
    }

    @Test
    void aRedirectOfAGrpcRequestIsAStatusThatKeepsTheLocation() throws Exception {
        RawClient.Answer answer = get("/old", "Content-Type: application/grpc+proto\r\n");
        assertEquals(200, answer.status());
        assertEquals("2", answer.header("grpc-status"));
        assertNull(answer.header("grpc-message"));
        assertEquals("http://a/new", answer.header("location"));
    }

    /** As in Envoy: the configuration says 200, whatever the client makes of it. */
    @ParameterizedTest
    @CsvSource({"/fine, DIRECT_RESPONSE", "/faulty, FAULT_ABORT"})
    void anExtendedConnectIsAnsweredWithWhatTheRouteSays(String path, String code) throws Exception {
        try (WireH2 http2 = new WireH2(proxy.address(8080))) {
            String answer = http2.headers(
                            1,
                            false,
                            ":method",
                            "CONNECT",
                            ":protocol",
                            "websocket",
                            ":scheme",
                            "http",
                            ":authority",
                            "a",
                            ":path",
                            path)
                    .answer(1);
            assertTrue(answer.contains(":status=200"), answer);
            assertTrue(answer.contains("x-sluice-code=" + code), answer);
            assertEquals(200, proxy.ended().status());
        }
    }

    /** contract.md: responses that Sluice itself makes carry their code; what the upstream answered carries none. */
    @Test
    void whatARouteAnswersByItselfSaysSo() throws Exception {
        assertEquals("DIRECT_RESPONSE", get("/teapot", "").header("x-sluice-code"));
        assertEquals("DIRECT_RESPONSE", get("/old", "").header("x-sluice-code"));
        assertEquals("DIRECT_RESPONSE", preflight("/").header("x-sluice-code"));
        assertEquals(
                "DIRECT_RESPONSE",
                get("/teapot", "Content-Type: application/grpc\r\n").header("x-sluice-code"));
        assertNull(get("/", "").header("x-sluice-code"));
    }

    @Test
    void corsHasTheLastWordOnItsHeaders() throws Exception {
        RawClient.Answer answer = get("/", "Origin: http://app\r\n");
        assertEquals("http://app", answer.header("access-control-allow-origin"));
        assertEquals("1", answer.header("x-set"));
        assertEquals("*", get("/", "Origin: http://other\r\n").header("access-control-allow-origin"));
    }

    @Test
    void anAbortedRequestNeverReachesCors() throws Exception {
        RawClient.Answer answer = get("/aborted", "Origin: http://app\r\n");
        assertEquals(418, answer.status());
        assertNull(answer.header("access-control-allow-origin"));
        assertEquals("1", answer.header("x-set"));
        RawClient.Answer preflight = preflight("/aborted");
        assertEquals(418, preflight.status());
        assertNull(preflight.header("access-control-allow-origin"));
    }

    @Test
    void aPreflightIsAnsweredWithoutTheRoutesOwnHeaders() throws Exception {
        RawClient.Answer preflight = preflight("/");
        assertEquals(200, preflight.status());
        assertEquals("http://app", preflight.header("access-control-allow-origin"));
        assertNull(preflight.header("x-set"));
    }

    private RawClient.Answer preflight(String path) throws Exception {
        return client.send("OPTIONS " + path + " HTTP/1.1\r\nHost: a\r\nOrigin: http://app\r\n"
                        + "Access-Control-Request-Method: GET\r\n\r\n")
                .answer();
    }

    private RawClient.Answer get(String path, String headers) throws Exception {
        return client.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n")
                .answer();
    }
}
