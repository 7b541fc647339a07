package dev.sluice.proxy.telemetry.accesslog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.config.plan.IdlePlan;
import dev.sluice.config.plan.ProxySettingsPlan;
import dev.sluice.config.plan.TopologyPlan;
import dev.sluice.config.plan.words.PathNormalization;
import dev.sluice.proxy.exchange.Attempt;
import dev.sluice.proxy.exchange.Destination;
import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.format.HostName;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.ResponseHead;
import dev.sluice.proxy.telemetry.Traffic;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.NumericChars;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogFormatTest {
    private static final Destination REVIEWS = Traffic.destination("reviews", null, Map.of());

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "%REQ(:METHOD)% | GET",
                "%REQ(:PATH)% | /a/b?q=1",
                "%REQ(:PATH):4% | /a/b",
                "%REQ_WITHOUT_QUERY(:PATH)% | /a/b",
                "%REQ_WITHOUT_QUERY(X-ENVOY-ORIGINAL-PATH?:PATH)% | /a/b",
                "%REQ(:SCHEME)% | http",
                "%REQ(HOST)% | reviews:9080",
                "%REQ(x-team)% | red",
                "%REQ(X-TEAM):2% | re",
                "%REQ(nothing)% | -",
                "%REQ(nothing?x-team)% | red",
                "%REQ(x-team?nothing)% | red",
                "%RESP(:STATUS)% | 418",
                "%RESP(x-pot)% | tea",
                "%TRAILER(x-pot)% | -",
                "%RESPONSE_CODE% | 418",
                "%RESPONSE_FLAGS% | -",
                "%RESPONSE_CODE_DETAILS% | via_upstream",
                "%PROTOCOL% | HTTP/1.1",
                "%UPSTREAM_PROTOCOL% | HTTP/1.1",
                "%UPSTREAM_HOST% | 10.1.2.3:9080",
                "%UPSTREAM_CLUSTER% | 'outbound|9080||reviews'",
                "%UPSTREAM_REMOTE_ADDRESS% | 10.1.2.3:9080",
                "%UPSTREAM_REMOTE_ADDRESS_WITHOUT_PORT% | 10.1.2.3",
                "%UPSTREAM_REMOTE_PORT% | 9080",
                "%UPSTREAM_LOCAL_ADDRESS% | 10.0.0.1:40000",
                "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT% | 10.0.0.9",
                "%DOWNSTREAM_DIRECT_REMOTE_ADDRESS% | 10.0.0.9:51234",
                "%DOWNSTREAM_LOCAL_PORT% | 8080",
                "%CONNECTION_ID% | 42",
                "%UPSTREAM_REQUEST_ATTEMPT_COUNT% | 1",
                "%ROUTE_NAME% | canary",
                "%SLUICE_CODE% | -",
                "%PATH(NQ)% | /a/b",
                "%PATH% | /a/b?q=1",
                "%QUERY_PARAM(q)% | 1",
                "%QUERY_PARAM(x)% | -",
                "%STREAM_ID% | -",
                "%GRPC_STATUS% | -",
                "%DYNAMIC_METADATA(istio.mixer:status)% | -",
                "%DOWNSTREAM_PEER_URI_SAN% | -",
                "100%% | 100%",
                "%START_TIME(%Y)% | 2*"
            })
    void anOperatorSays(String format, String expected) {
        Written written = Written.text(format);
        Traffic traffic = new Traffic(written);
        Exchange exchange =
                traffic.start(Traffic.get("/a/b?q=1", "X-Team", "red").build());
        traffic.answer(exchange, REVIEWS, 418, "X-Pot", "tea");
        if (expected.endsWith("*")) {
            assertTrue(written.line().startsWith(expected.substring(0, expected.length() - 1)), written.line());
        } else {
            assertEquals(expected, written.line());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "%PROTOCOL | end of the operator PROTOCOL",
                "% | expected an operator",
                "50% off | expected an operator",
                "%Protocol% | end of the operator P",
                "%REQ(x% | not closed",
                "%REQ% | needs the name of a header",
                "%REQ( )% | needs the name of a header",
                "%REQ(x?)% | name of a header is missing",
                "%REQ(:nothing)% | unknown pseudo header",
                "%REQ(x):% | expected a length",
                "%REQ(x):9999999999% | expected a length",
                "%NO_SUCH_THING% | unknown operator %NO_SUCH_THING%",
                "%PROTOCOL(x)% | takes no arguments",
                "%GRPC_STATUS(LOUD)% | CAMEL_STRING",
                "%PATH(X)% | takes WQ or NQ",
                "%QUERY_PARAM% | needs the name of a parameter",
                "%START_TIME(%Q)% | does not know the conversion %Q",
                "%START_TIME(%)% | does not know the conversion",
                "%START_TIME(%I%n%p)% | only printable ASCII"
            })
    void whatIsNoFormatIsRefusedWithTheReason(String format, String reason) {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> LogFormat.text(format));
        assertTrue(refused.getMessage().startsWith("access log format"), refused.getMessage());
        assertTrue(refused.getMessage().contains(reason), refused.getMessage());
    }

    @Test
    void allThatIsWrongIsToldAtOnce() {
        assertEquals(
                "access log format: unknown operator %A%; %PROTOCOL% takes no arguments; unknown operator %B%",
                LogFormat.problems("%A% %PROTOCOL(x)% %B(1)% %A% %PROTOCOL%", false));
        assertEquals(
                "access log format: unknown operator %A%; unknown operator %B%",
                LogFormat.problems("{\"a\":\"%A%\",\"b\":[\"x %B%\"]}", true));
        assertNull(LogFormat.problems("%PROTOCOL%", false));
        String malformed = LogFormat.problems("%A% 100%", false);
        assertTrue(malformed != null && malformed.contains("character 8"), malformed);
    }

    @Test
    void theHostsNameIsTheSameAsInHeaders() {
        Written written = Written.text("%HOSTNAME%");
        Traffic traffic = new Traffic(written);
        Exchange exchange = traffic.start(Traffic.get("/").build());
        traffic.answer(exchange, REVIEWS, 200);
        String name = HostName.ask();
        assertEquals(name == null ? "-" : name, written.line());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "%PROTOCOL% %NO_SUCH_THING% x | HTTP/1.1 - x",
                "%PROTOCOL(x)% x | - x",
                "50% off %PROTOCOL% | 50% off HTTP/1.1",
                "%REQ(x | %REQ(x"
            })
    void whatMeshConfigAsksForIsWrittenAsFarAsItCanBeMadeOut(String format, String expected) {
        Written written = new Written(asked(format, false));
        Traffic traffic = new Traffic(written);
        traffic.answer(traffic.start(Traffic.get("/").build()), REVIEWS, 200);
        assertEquals(expected, written.line());
    }

    @Test
    void anUnknownOperatorInJsonIsNull() {
        Written written = new Written(asked("{\"a\":\"%NOPE%\",\"b\":\"%PROTOCOL% 5%\"}", true));
        Traffic traffic = new Traffic(written);
        traffic.answer(traffic.start(Traffic.get("/").build()), REVIEWS, 200);
        assertEquals("{\"a\":null,\"b\":\"HTTP/1.1 5%\"}", written.line());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatCannotBeMadeOutAtAllGivesWayToTheDefault(boolean json) {
        Written written = new Written(asked(json ? "{no json" : "x".repeat(20_000), json));
        Traffic traffic = new Traffic(written);
        traffic.answer(traffic.start(Traffic.get("/").build()), REVIEWS, 200);
        assertTrue(written.line().startsWith(json ? "{\"start_time\":" : "["), written.line());
    }

    private static LogFormat asked(String format, boolean json) {
        return LogFormat.of(new ProxySettingsPlan(
                "default",
                PathNormalization.BASE,
                null,
                format,
                json,
                List.of(),
                TopologyPlan.DEFAULTS,
                IdlePlan.DEFAULTS));
    }

    @Property
    void anyFormatIsEitherTakenOrRefused(
            @ForAll @Chars({'%', '(', ')', ':', '?', '{', '}', '"', ',', ' '}) @AlphaChars @NumericChars
                    String format) {
        for (boolean json : new boolean[] {false, true}) {
            try {
                Written written = new Written(json ? LogFormat.json(format) : LogFormat.text(format));
                Traffic traffic = new Traffic(written);
                traffic.answer(traffic.start(Traffic.get("/").build()), REVIEWS, 200);
                assertEquals(1, written.lines().size());
            } catch (IllegalArgumentException e) {
                assertTrue(e.getMessage().startsWith("access log format"), e.getMessage());
            }
        }
    }

    @Test
    void aFormatWithoutRoomForValuesIsRefused() {
        String text = "x".repeat(20_000);
        assertThrows(IllegalArgumentException.class, () -> LogFormat.text(text));
        String operators = "%PROTOCOL%".repeat(300);
        assertThrows(IllegalArgumentException.class, () -> LogFormat.text(operators));
    }

    @Test
    void aLineBreakAtTheEndIsOne() {
        Written written = Written.text("%PROTOCOL%\n");
        Traffic traffic = new Traffic(written);
        traffic.answer(traffic.start(Traffic.get("/").build()), REVIEWS, 200);
        traffic.answer(traffic.start(Traffic.get("/").build()), REVIEWS, 200);
        assertEquals("HTTP/1.1\nHTTP/1.1\n", written.all());
    }

    @Test
    void anEmptyValueOutsideOfQuotesIsADash() {
        Written written = Written.text("%REQ(x-empty)% \"%REQ(x-empty)%\"");
        Traffic traffic = new Traffic(written);
        traffic.answer(traffic.start(Traffic.get("/", "x-empty", "").build()), REVIEWS, 200);
        assertEquals("- \"\"", written.line());
    }

    @Test
    void timesTakeStrftimesConversions() {
        assertTrue(timed("%START_TIME(%d/%b/%Y:%H:%M:%S %z)%")
                .matches("\\d\\d/[A-Z][a-z]{2}/\\d{4}:\\d\\d:\\d\\d:\\d\\d \\+0000"));
        assertTrue(timed("%START_TIME(%FT%T.%3f%Z %a %j %y%m %%)%")
                .matches("[-0-9]{10}T[:0-9]{8}\\.\\d{3}UTC [A-Z][a-z]{2} \\d{3} \\d{4} %"));
        assertTrue(timed("%START_TIME(%Y-%m-%dT%H:%M:%E3S%Ez)%")
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}\\+00:00"));
        assertTrue(timed("%START_TIME(%A, %e %B %I:%M %p)%")
                .matches("[A-Z][a-z]+day, [ 1-3]\\d [A-Z][a-z]+ [01]\\d:\\d\\d [AP]M"));
        assertTrue(timed("%START_TIME(%s.%6f)%").matches("\\d{10}\\.\\d{3}000"));
        assertTrue(timed("%START_TIME(%s.%1f %2f %9f %f)%").matches("\\d{10}\\.\\d \\d{2} \\d{3}0{6} \\d{3}0{6}"));
    }

    private static String timed(String format) {
        Written written = Written.text(format);
        Traffic traffic = new Traffic(written);
        traffic.answer(traffic.start(Traffic.get("/").build()), REVIEWS, 200);
        return written.line();
    }

    @Test
    void durationsAreOfThePartsThatHappened() {
        Written written = Written.text("%DURATION% %REQUEST_DURATION% %RESPONSE_DURATION% %RESPONSE_TX_DURATION%");
        Traffic traffic = new Traffic(written);
        traffic.answer(traffic.start(Traffic.get("/").build()), REVIEWS, 200);
        traffic.startWithBody(Traffic.get("/").build()).fail(ProxyError.proxy(ErrorCode.NO_ROUTE, ""));
        assertTrue(written.lines().get(0).matches("\\d+ 0 \\d+ \\d+"), written.all());
        assertTrue(written.lines().get(1).matches("\\d+ - - -"), written.all());
    }

    @Test
    void grpcStatusComesFromTheTrailersByNameOrNumber() {
        Written written = Written.text("%GRPC_STATUS% %GRPC_STATUS(SNAKE_STRING)% %GRPC_STATUS(NUMBER)%"
                + " %GRPC_STATUS_NUMBER% %TRAILER(grpc-message)%");
        Traffic traffic = new Traffic(written);
        for (String status : new String[] {"5", "42"}) {
            Attempt attempt = traffic.attempt(traffic.start(grpc()), REVIEWS);
            attempt.onHead(new ResponseHead(200, Traffic.headers("content-type", "application/grpc"), -1), false);
            attempt.onData(Unpooled.EMPTY_BUFFER, false);
            attempt.onTrailers(Traffic.headers("grpc-status", status, "grpc-message", "gone"));
        }
        assertEquals("NotFound NOT_FOUND 5 5 gone\n42 42 42 42 gone\n", written.all());
    }

    @Test
    void theNumberOfAGrpcStatusIsOneInJsonToo() {
        Written written =
                new Written(LogFormat.json("{\"name\":\"%GRPC_STATUS%\",\"number\":\"%GRPC_STATUS(NUMBER)%\"}"));
        Traffic traffic = new Traffic(written);
        traffic.answer(traffic.start(grpc()), REVIEWS, 200, "grpc-status", "5");
        assertEquals("{\"name\":\"NotFound\",\"number\":5}", written.line());
    }

    /** As in Envoy: it must not pass for a call without errors. */
    @Test
    void aCallThatEndsWithoutAGrpcStatusHasTheOneOfItsHttpStatus() {
        Written written = Written.text("%RESPONSE_CODE% %GRPC_STATUS% %GRPC_STATUS_NUMBER%");
        Traffic traffic = new Traffic(written);
        traffic.answer(traffic.start(grpc()), REVIEWS, 200);
        traffic.answer(traffic.start(grpc()), REVIEWS, 200, "grpc-status", "none");

        Attempt cut = traffic.attempt(traffic.start(grpc()), REVIEWS);
        cut.onHead(new ResponseHead(200, Traffic.headers(), -1), false);
        cut.onReset(ProxyError.upstream(ErrorCode.UPSTREAM_RESET, ""));

        Attempt early = traffic.attempt(traffic.start(grpc()), REVIEWS);
        early.onHead(new ResponseHead(200, Traffic.headers("grpc-status", "3"), -1), false);
        early.onTrailers(Traffic.headers("x-other", "1"));

        traffic.answer(traffic.start(Traffic.get("/").build()), REVIEWS, 200);
        assertEquals("200 Unknown 2\n200 Unknown 2\n200 Unknown 2\n200 InvalidArgument 3\n200 - -\n", written.all());
    }

    private static RequestHead grpc() {
        return RequestHead.builder(
                        HttpVersion.HTTP_2, "POST", "/a.B/C", Traffic.headers("content-type", "application/grpc"))
                .build();
    }

    @Test
    void addressesOfTheSixthVersionAreShortAndBracketed() {
        Written written = Written.text("%DOWNSTREAM_REMOTE_ADDRESS% %DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%");
        Traffic traffic = new Traffic(written);
        traffic.from(new InetSocketAddress("2001:db8:0:0:0:0:0:1", 443), null);
        traffic.answer(traffic.start(Traffic.get("/").build()), REVIEWS, 200);
        traffic.from(InetSocketAddress.createUnresolved("peer.example", 1), null);
        traffic.answer(traffic.start(Traffic.get("/").build()), REVIEWS, 200);
        traffic.from(new OddAddress(), null);
        traffic.answer(traffic.start(Traffic.get("/").build()), REVIEWS, 200);
        assertEquals(
                "[2001:db8::1]:443 2001:db8::1\npeer.example:1 peer.example\nodd\\u0020one odd\\u0020one\n",
                written.all());
    }

    @Test
    void aJsonTemplateKeepsItsShapeAndTypesItsValues() throws Exception {
        Written written = new Written(
                LogFormat.json(
                        """
                { "status" : "%RESPONSE_CODE%", "nested": {"list": [1, -2.5e3, true, null, "%REQ(x-no)%"]},
                  "both": "%REQ(:METHOD)% %REQ(x-no)% \\"%RESPONSE_CODE%\\"", "pl\\u0061in": "100%% caf\u00e9\\n", "e": {} }
                """));
        Traffic traffic = new Traffic(written);
        traffic.answer(traffic.start(Traffic.get("/").build()), REVIEWS, 200);
        JsonNode line = new ObjectMapper().readTree(written.line());
        assertEquals(
                "{\"status\":200,\"nested\":{\"list\":[1,-2500.0,true,null,null]},"
                        + "\"both\":\"GET - \\\"200\\\"\",\"plain\":\"100% caf\u00e9\\n\",\"e\":{}}",
                line.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[%START_TIME%]",
                "\"x\"",
                "{",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1",
                "{\"a\":1,}",
                "{\"a\":01}",
                "{\"a\":1.}",
                "{\"a\":.5}",
                "{\"a\":0x1}",
                "{\"a\":NaN}",
                "{\"a\":1e999}",
                "{\"a\":nul}",
                "{\"a\":[1 2]}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\\u12\"}",
                "{\"a\":\"unclosed}",
                "{a:1}",
                "{\"a\":1} x"
            })
    void whatIsNoJsonObjectIsRefused(String template) {
        assertThrows(IllegalArgumentException.class, () -> LogFormat.json(template));
    }

    @Test
    void aDeepTemplateIsRefused() {
        String deep = "{\"a\":".repeat(1000) + "1" + "}".repeat(1000);
        assertThrows(IllegalArgumentException.class, () -> LogFormat.json(deep));
    }

    private static final class OddAddress extends SocketAddress {
        private static final long serialVersionUID = 1;

        @Override
        public String toString() {
            return "odd one";
        }
    }
}
