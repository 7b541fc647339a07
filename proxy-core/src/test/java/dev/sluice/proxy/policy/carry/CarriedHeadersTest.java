package dev.sluice.proxy.policy.carry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.stream.headers.H1Headers;
import dev.sluice.proxy.stream.headers.Headers;
import io.netty.util.AsciiString;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CarriedHeadersTest {
    private static final AsciiString MINE = AsciiString.cached("x-my-header");
    private static final AsciiString BAGGAGE = AsciiString.cached("baggage");
    private static final List<AsciiString> NAMES = List.of(MINE, BAGGAGE);
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

    private final AtomicLong now = new AtomicLong();
    private final CarriedHeaders memory = new CarriedHeaders(100_000, Duration.ofMinutes(5), now::get);

    @Test
    void aRequestOfTheSameTraceGetsTheHeaderWhateverItsSpan() {
        remember("traceparent", traceparent(TRACE, "00f067aa0ba902b7"), "x-my-header", "v2");
        assertEquals(List.of("v2"), recall(MINE, "traceparent", traceparent(TRACE, "b7ad6b7169203331")));
    }

    @Test
    void aRequestOfTheSameRequestIdGetsTheHeader() {
        remember("x-request-id", "r-1", "traceparent", traceparent(TRACE, "00f067aa0ba902b7"), "x-my-header", "v2");
        assertEquals(List.of("v2"), recall(MINE, "x-request-id", "r-1"));
    }

    @Test
    void allValuesTravelInTheirOrder() {
        remember("x-request-id", "r-1", "baggage", "a=1", "baggage", "b=2");
        assertEquals(List.of("a=1", "b=2"), recall(BAGGAGE, "x-request-id", "r-1"));
    }

    @Test
    void whatTheAppPassedOnItselfIsLeftAlone() {
        remember("x-request-id", "r-1", "x-my-header", "v2", "baggage", "a=1");
        Headers headers = headers("x-request-id", "r-1", "x-my-header", "own");
        memory.recall(NAMES, headers);
        assertEquals(List.of("own"), texts(headers, MINE));
        assertEquals(List.of("a=1"), texts(headers, BAGGAGE));
    }

    @Test
    void twoRequestsThatShareAnIdButNotTheValuesAreBothLeftAlone() {
        remember("x-request-id", "r-1", "x-my-header", "v1");
        remember("x-request-id", "r-1", "x-my-header", "v2");
        assertEquals(List.of(), recall(MINE, "x-request-id", "r-1"));
        remember("x-request-id", "r-1", "x-my-header", "v2");
        assertEquals(List.of(), recall(MINE, "x-request-id", "r-1"), "ambiguous it stays");
    }

    @Test
    void aRequestWithoutTheHeaderContradictsOneThatHasIt() {
        remember("x-request-id", "r-1", "x-my-header", "v1");
        remember("x-request-id", "r-1");
        assertEquals(List.of(), recall(MINE, "x-request-id", "r-1"));
    }

    @Test
    void twoRequestsOfOneTraceThatAgreeAreNoContradiction() {
        remember("traceparent", traceparent(TRACE, "00f067aa0ba902b7"), "x-request-id", "r-1", "x-my-header", "v1");
        remember("traceparent", traceparent(TRACE, "b7ad6b7169203331"), "x-request-id", "r-2", "x-my-header", "v1");
        assertEquals(List.of("v1"), recall(MINE, "traceparent", traceparent(TRACE, "b7ad6b7169203331")));
    }

    @Test
    void idsThatSayDifferentThingsSayNothing() {
        remember("traceparent", traceparent(TRACE, "00f067aa0ba902b7"), "x-my-header", "v1");
        remember("x-request-id", "r-1", "x-my-header", "v2");
        assertEquals(
                List.of(), recall(MINE, "x-request-id", "r-1", "traceparent", traceparent(TRACE, "00f067aa0ba902b7")));
    }

    @Test
    void aRequestIdIsNotTakenForATraceId() {
        remember("x-request-id", TRACE, "x-my-header", "v1");
        assertEquals(List.of(), recall(MINE, "traceparent", traceparent(TRACE, "00f067aa0ba902b7")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e473x-00f067aa0ba902b7-01",
                "00_4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01x"
            })
    void aTraceparentThatIsNoneIdentifiesNothing(String traceparent) {
        remember("traceparent", traceparent, "x-my-header", "v1");
        assertEquals(List.of(), recall(MINE, "traceparent", traceparent));
        assertEquals(0, memory.bytes());
    }

    @Test
    void anIdIsForgottenAfterTwoLifetimesAtMost() {
        remember("x-request-id", "r-1", "x-my-header", "v1");
        pass(Duration.ofMinutes(5));
        assertEquals(List.of("v1"), recall(MINE, "x-request-id", "r-1"));
        pass(Duration.ofMinutes(6));
        assertEquals(List.of(), recall(MINE, "x-request-id", "r-1"));
        assertEquals(0, memory.bytes());
    }

    @Test
    void memoryStaysWithinItsBoundAndKeepsTheNewest() {
        String value = "v".repeat(100);
        for (int i = 0; i < 20_000; i++) {
            remember("x-request-id", "r-" + i, "x-my-header", value + i);
            assertTrue(memory.bytes() <= 101_000, () -> memory.bytes() + " bytes");
            assertEquals(List.of(value + i), recall(MINE, "x-request-id", "r-" + i));
        }
        assertEquals(List.of(), recall(MINE, "x-request-id", "r-0"));
    }

    @Test
    void aNameThatTheConfigurationDroppedIsNotAddedAnyMore() {
        remember("x-request-id", "r-1", "x-my-header", "v1", "baggage", "a=1");
        Headers headers = headers("x-request-id", "r-1");
        memory.recall(List.of(BAGGAGE), headers);
        assertEquals(List.of(), texts(headers, MINE));
        assertEquals(List.of("a=1"), texts(headers, BAGGAGE));
    }

    private void remember(String... namesAndValues) {
        memory.remember(NAMES, headers(namesAndValues));
    }

    private List<String> recall(AsciiString name, String... namesAndValues) {
        Headers headers = headers(namesAndValues);
        memory.recall(NAMES, headers);
        return texts(headers, name);
    }

    private static List<String> texts(Headers headers, AsciiString name) {
        return headers.getAll(name).stream().map(CharSequence::toString).toList();
    }

    private static Headers headers(String... namesAndValues) {
        Headers headers = H1Headers.create();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(AsciiString.of(namesAndValues[i]), namesAndValues[i + 1]);
        }
        return headers;
    }

    private static String traceparent(String trace, String span) {
        return "00-" + trace + "-" + span + "-01";
    }

    private void pass(Duration duration) {
        now.addAndGet(duration.toNanos());
    }
}
