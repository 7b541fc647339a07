package dev.sluice.proxy.telemetry.accesslog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.re2j.Pattern;
import dev.sluice.config.plan.IdlePlan;
import dev.sluice.config.plan.ProxySettingsPlan;
import dev.sluice.config.plan.TopologyPlan;
import dev.sluice.config.plan.words.PathNormalization;
import dev.sluice.proxy.exchange.Attempt;
import dev.sluice.proxy.exchange.Destination;
import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.ResponseHead;
import dev.sluice.proxy.stream.headers.H1Headers;
import dev.sluice.proxy.telemetry.Traffic;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Istio's own line and its JSON: spec/istio-fields.md §6. */
class DefaultLineTest {
    private static final String[] REQUEST_HEADERS = {
        "x-forwarded-for", "192.0.2.7,10.0.0.9", "user-agent", "curl/8.5.0", "x-request-id", "4b6e-77"
    };

    private final Written written = new Written(LogFormat.of(ProxySettingsPlan.DEFAULTS));
    private final Traffic traffic = new Traffic(written);
    private final Destination reviews =
            Traffic.destination("reviews.default.svc.cluster.local", "v1", Map.of("app", "reviews"));

    @Test
    void anAnswerOfTheUpstreamHasIstiosFieldsInIstiosOrder() {
        traffic.from(new InetSocketAddress("10.0.0.9", 51234), "reviews.example.com");
        Exchange exchange =
                traffic.start(Traffic.get("/reviews/7?full=1", REQUEST_HEADERS).build());
        traffic.answer(exchange, reviews, 200, "x-envoy-upstream-service-time", "12");
        Pattern line =
                Pattern.compile("\\[(\\S+)\\] \"GET /reviews/7\\?full=1 HTTP/1.1\" 200 - via_upstream - \"-\" 0 3 \\d+"
                        + " 12 \"192.0.2.7,10.0.0.9\" \"curl/8.5.0\" \"4b6e-77\" \"reviews:9080\" \"10.1.2.3:9080\""
                        + " outbound\\|9080\\|v1\\|reviews.default.svc.cluster.local 10.0.0.1:40000 10.0.0.1:8080"
                        + " 10.0.0.9:51234 reviews.example.com canary -");
        var match = line.matcher(written.line());
        assertTrue(match.matches(), written.line());
        assertTrue(!Instant.parse(match.group(1)).isAfter(Instant.now()));
    }

    @Test
    void aRewrittenRequestIsLoggedByItsOriginalPathAndItsNewAuthority() {
        RequestHead request = Traffic.get("/old?q=1").build();
        Exchange exchange = traffic.start(request);
        request.rewritePath("/new");
        request.rewriteAuthority("other");
        traffic.answer(exchange, reviews, 200);
        assertTrue(written.line().contains("\"GET /old?q=1 HTTP/1.1\""), written.line());
        assertTrue(written.line().contains(" \"other\" \"10.1.2.3:9080\" "), written.line());
    }

    @Test
    void whatSluiceAnswersItselfCarriesFlagDetailsAndItsCode() {
        traffic.start(Traffic.get("/").build()).fail(ProxyError.proxy(ErrorCode.NO_ROUTE, "no rule"));
        assertTrue(
                written.line()
                        .matches(".*\" 404 NR route_not_found - \"-\" 0 0 \\d+ - \"-\" \"-\" \"-\" \"reviews:9080\""
                                + " \"-\" - - 10.0.0.1:8080 10.0.0.9:51234 - - NO_ROUTE"),
                written.line());
    }

    @Test
    void aFailedConnectSaysWhyAndWhere() {
        Exchange exchange = traffic.start(Traffic.get("/").build());
        Attempt attempt = traffic.choose(exchange, reviews);
        exchange.noteRetryLimit();
        attempt.fail(ProxyError.notProcessed(ErrorCode.CONNECT_FAILED, "Connection refused"));
        assertTrue(
                written.line()
                        .contains(" 503 UF,URX upstream_reset_before_response_started{remote_connection_failure}"
                                + " - \"Connection refused\" "),
                written.line());
        assertTrue(
                written.line().contains(" \"10.1.2.3:9080\" outbound|9080|v1|reviews.default.svc.cluster.local - "),
                written.line());
        assertTrue(written.line().endsWith(" CONNECT_FAILED"), written.line());
    }

    @Test
    void aResponseThatIsCutIsNotSaidToHaveFailedBeforeItBegan() {
        Exchange exchange = traffic.start(Traffic.get("/").build());
        Attempt attempt = traffic.attempt(exchange, reviews);
        attempt.onHead(new ResponseHead(200, Traffic.headers(), 100), false);
        attempt.onReset(ProxyError.upstream(ErrorCode.UPSTREAM_CLOSED, ""));
        assertTrue(
                written.line().contains(" 200 UC upstream_reset_after_response_started{connection_termination} "),
                written.line());
    }

    @Test
    void aRequestWhoseBodyBreaksTheProtocolIsLoggedWithWhatItsClientIsTold() {
        Exchange exchange = traffic.startWithBody(Traffic.get("/").build());
        traffic.attempt(exchange, reviews);
        assertTrue(exchange.onRefused(ProxyError.downstream(ErrorCode.BAD_REQUEST, "malformed chunk")));
        assertTrue(written.line().contains(" 400 DPE bad_request "), written.line());
        assertTrue(written.line().endsWith(" BAD_REQUEST"), written.line());
    }

    @Test
    void aTryThatHadNowhereToGoIsNone() {
        Written attempts = Written.text("%UPSTREAM_REQUEST_ATTEMPT_COUNT% %RESPONSE_FLAGS%");
        Traffic counted = new Traffic(attempts);
        Exchange exchange = counted.start(Traffic.get("/").build());
        exchange.routed(Traffic.route("canary"), reviews);
        exchange.newAttempt(Traffic.PASS_ON).fail(ProxyError.proxy(ErrorCode.NO_HEALTHY_UPSTREAM, ""));
        assertEquals("0 UH", attempts.line());
    }

    @Test
    void aClientThatLeavesIsLoggedWithoutAStatus() {
        Exchange exchange = traffic.start(Traffic.get("/").build());
        traffic.attempt(exchange, reviews);
        exchange.onReset(ProxyError.downstream(ErrorCode.CLIENT_GONE, ""));
        assertTrue(written.line().contains(" 0 DC downstream_remote_disconnect "), written.line());
    }

    @Test
    void jsonHasTheTwentyFourFieldsAndOurCodeWithNumbersAsNumbers() throws Exception {
        Written json = new Written(LogFormat.of(new ProxySettingsPlan(
                "default",
                PathNormalization.BASE,
                null,
                null,
                true,
                List.of(),
                TopologyPlan.DEFAULTS,
                IdlePlan.DEFAULTS)));
        Traffic into = new Traffic(json);
        into.answer(into.start(Traffic.get("/a\"b", REQUEST_HEADERS).build()), reviews, 200);
        into.start(Traffic.get("/").build()).fail(ProxyError.proxy(ErrorCode.NO_ROUTE, ""));
        ObjectMapper mapper = new ObjectMapper();
        JsonNode first = mapper.readTree(json.lines().get(0));
        assertEquals(25, first.size());
        assertEquals(
                List.of(
                        "start_time",
                        "method",
                        "path",
                        "protocol",
                        "response_code",
                        "response_flags",
                        "response_code_details",
                        "connection_termination_details",
                        "upstream_transport_failure_reason",
                        "bytes_received",
                        "bytes_sent",
                        "duration",
                        "upstream_service_time",
                        "x_forwarded_for",
                        "user_agent",
                        "request_id",
                        "authority",
                        "upstream_host",
                        "upstream_cluster",
                        "upstream_local_address",
                        "downstream_local_address",
                        "downstream_remote_address",
                        "requested_server_name",
                        "route_name",
                        "sluice_code"),
                first.properties().stream().map(Map.Entry::getKey).toList());
        assertEquals("/a\"b", first.get("path").textValue());
        assertEquals(200, first.get("response_code").intValue());
        assertEquals(3, first.get("bytes_sent").intValue());
        assertTrue(first.get("duration").isIntegralNumber());
        assertEquals("-", first.get("response_flags").textValue());
        assertTrue(first.get("connection_termination_details").isNull());
        assertTrue(first.get("sluice_code").isNull());
        JsonNode second = mapper.readTree(json.lines().get(1));
        assertEquals("NO_ROUTE", second.get("sluice_code").textValue());
        assertEquals("NR", second.get("response_flags").textValue());
        assertTrue(second.get("upstream_host").isNull());
        assertTrue(second.get("user_agent").isNull());
    }

    @Test
    void aRequestThatCouldNotBeReadIsALineTooWithDashes() {
        Exchange exchange = traffic.start(RequestHead.builder(HttpVersion.HTTP_1_1, "-", "-", H1Headers.create())
                .build());
        exchange.fail(ProxyError.downstream(ErrorCode.BAD_REQUEST, "two content-lengths"));
        assertTrue(written.line().contains("\"- - HTTP/1.1\" 400 DPE bad_request "), written.line());
    }
}
