package dev.sluice.proxy.policy.headers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.plan.policy.HeaderPlan;
import dev.sluice.config.plan.policy.HeaderPlan.Entry;
import dev.sluice.config.plan.policy.HeaderPlan.Operations;
import dev.sluice.config.plan.policy.RewritePlan;
import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.headers.H1Headers;
import dev.sluice.proxy.stream.headers.Headers;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** spec/istio-fields.md §1.3. */
class RequestEditsTest {
    private static Operations remove(String... names) {
        return new Operations(List.of(names), List.of(), List.of());
    }

    private static Operations set(String... pairs) {
        return new Operations(List.of(), entries(pairs), List.of());
    }

    private static Operations add(String... pairs) {
        return new Operations(List.of(), List.of(), entries(pairs));
    }

    private static List<Entry> entries(String... pairs) {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < pairs.length; i += 2) {
            entries.add(new Entry(pairs[i], pairs[i + 1]));
        }
        return entries;
    }

    private static HeaderPlan level(Operations request) {
        return new HeaderPlan(request, Operations.NONE, null);
    }

    private static HeaderPlan authority(@Nullable String authority) {
        return new HeaderPlan(Operations.NONE, Operations.NONE, authority);
    }

    private static RequestHead request(String... pairs) {
        Headers headers = H1Headers.create();
        for (int i = 0; i < pairs.length; i += 2) {
            headers.add(AsciiString.of(pairs[i]), pairs[i + 1]);
        }
        return RequestHead.builder(HttpVersion.HTTP_1_1, "GET", "/path", headers)
                .authority("a.com")
                .build();
    }

    private static String edit(RequestHead request, HeaderPlan route, HeaderPlan destination) {
        assertTrue(new RequestEdits(route, destination, null).apply(new FormatContext(request, null, null)));
        return request.headers().toString();
    }

    private static String edit(RequestHead request, Operations operations) {
        return edit(request, level(operations), HeaderPlan.NONE);
    }

    @Test
    void setReplacesAllValuesAndAddAppendsOne() {
        assertEquals("[x=1, x=2, y=3]", edit(request("x", "1", "x", "2"), add("y", "3")));
        assertEquals("[x=1, x=2]", edit(request("x", "1"), add("x", "2")));
        assertEquals("[x=9]", edit(request("X", "1", "x", "2"), set("x", "9")));
    }

    @Test
    void removesFirstThenSetsThenAdds() {
        Operations all = new Operations(List.of("x", "y"), entries("x", "set"), entries("x", "added", "y", "back"));
        assertEquals("[x=set, x=added, y=back]", edit(request("x", "1", "Y", "2"), all));
    }

    @Test
    void allValuesAreComputedFromTheHeadersAfterTheRemovalsAndBeforeAnySet() {
        Operations swap = new Operations(
                List.of("gone"),
                entries("x", "%REQ(y)%", "y", "%REQ(x)%", "z", "%REQ(gone)%"),
                entries("a", "%REQ(x)%"));
        assertEquals("[x=2, y=1, a=1]", edit(request("x", "1", "y", "2", "gone", "3"), swap));
    }

    @Test
    void aValueThatComesOutEmptyIsSkipped() {
        assertEquals("[x=1]", edit(request("x", "1"), set("x", "")));
        assertEquals("[x=1]", edit(request("x", "1"), set("x", "%REQ(none)%")));
        assertEquals("[x=1]", edit(request("x", "1"), add("y", "  %REQ(none)%\t")));
    }

    @Test
    void ofTwoSetsOfOneRunTheLaterWinsAndNoneSeesTheOthers() {
        // As a rule with a single destination is compiled: the route's entries, then the destination's.
        Operations joined = new Operations(
                List.of("x"), entries("x", "route", "x", "destination"), entries("y", "route", "y", "%REQ(x)%"));
        assertEquals("[x=destination, y=route]", edit(request("x", "old"), joined));
    }

    @Test
    void amongSeveralDestinationsTheDestinationRunsFirstAndTheRoutesSetWins() {
        HeaderPlan route = level(new Operations(List.of(), entries("x", "route"), entries("y", "%REQ(x)%")));
        HeaderPlan destination = level(set("x", "destination"));
        assertEquals("[x=route, y=destination]", edit(request("x", "old"), route, destination));
    }

    @Test
    void operationsOnWhatFramesAMessageAreLeftAlone() {
        Operations all = new Operations(
                List.of("Content-Length", "connection"),
                entries("transfer-encoding", "chunked", "x", "1"),
                entries("upgrade", "h2c", "te", "gzip"));
        assertEquals("[content-length=5, x=1]", edit(request("content-length", "5"), all));
    }

    @Test
    void aValueIsCleanBoundedAndInWireForm() {
        assertEquals("[x=a\tb]", edit(request(), set("x", " a\tb ")));
        String longValue = "v".repeat(20_000);
        RequestHead request = request("x", longValue);
        edit(request, set("y", "%REQ(x)%%REQ(x)%"));
        CharSequence copied = request.headers().get(AsciiString.of("y"));
        assertEquals(HeaderValue.MAX_LENGTH, copied == null ? -1 : copied.length());
        assertEquals("[x=caf\u00c3\u00a9]", edit(request(), set("x", "café")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nx: y", "a\nb", "a\u0000", "\u007f"})
    void aValueThatIsNoneIsRefusedWithItsName(String value) {
        String message = assertThrows(IllegalArgumentException.class, () -> edit(request(), set("x-name", value)))
                .getMessage();
        assertTrue(message.contains("x-name"), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"host", "Host", ":path", ":authority"})
    void hostAndPseudoHeadersAreNoHeaders(String name) {
        assertThrows(IllegalArgumentException.class, () -> edit(request(), set(name, "x")));
        assertThrows(IllegalArgumentException.class, () -> edit(request(), remove(name)));
    }

    /** Columns: rewrite.authority, route level, destination level, result. */
    @ParameterizedTest
    @CsvSource({
        "rewrite, route, destination, rewrite",
        "rewrite,      ,            , rewrite",
        "       , route, destination, route",
        "       , route,            , route",
        "       ,      , destination, destination",
        "       ,      ,            , a.com",
        "a.com  , route, destination, a.com",
    })
    void theAuthorityIsTheRewritesElseTheRoutesElseTheDestinations(
            @Nullable String rewrite, @Nullable String route, @Nullable String destination, String expected) {
        RequestHead head = request();
        RewritePlan plan = rewrite == null ? null : new RewritePlan(null, rewrite);
        assertTrue(new RequestEdits(authority(route), authority(destination), plan)
                .apply(new FormatContext(head, null, null)));
        assertEquals(expected, head.authority());
        assertEquals("a.com", head.receivedAuthority());
        CharSequence original = head.headers().get(AsciiString.of("x-envoy-original-host"));
        assertEquals(expected.equals("a.com") ? null : "a.com", original == null ? null : original.toString());
    }

    @Test
    void operatorsSeeThePathAndHostThatWereMatched() {
        RequestHead head = request();
        HeaderPlan route = new HeaderPlan(set("x", "%REQ(:authority)%%REQ(:path)%"), Operations.NONE, null);
        RewritePlan rewrite = new RewritePlan(new RewritePlan.PathRewrite.ReplaceAll("/new"), "b.com");
        assertTrue(new RequestEdits(route, HeaderPlan.NONE, rewrite).apply(new FormatContext(head, null, null)));
        assertEquals("a.com/path", String.valueOf(head.headers().get(AsciiString.of("x"))));
        assertEquals("/new", head.path());
    }

    @Test
    void anOperatorThatThereIsNotGivesNothing() {
        RequestHead head = request();
        HeaderPlan route = new HeaderPlan(set("x", "a%NOPE%b", "y", "%NOPE%"), Operations.NONE, null);
        assertTrue(new RequestEdits(route, HeaderPlan.NONE, null).apply(new FormatContext(head, null, null)));
        assertEquals("ab", String.valueOf(head.headers().get(AsciiString.of("x"))));
        assertNull(head.headers().get(AsciiString.of("y")));
    }

    @Test
    void anAuthorityThatCannotBeSentIsRefused() {
        assertThrows(
                IllegalArgumentException.class, () -> new RequestEdits(authority("a\r\nb"), HeaderPlan.NONE, null));
    }

    @Test
    void nothingToDoIsKnownBeforehand() {
        assertTrue(new RequestEdits(HeaderPlan.NONE, HeaderPlan.NONE, null).isEmpty());
        assertFalse(new RequestEdits(level(remove("x")), HeaderPlan.NONE, null).isEmpty());
        assertNull(Rewrite.of(new RewritePlan(null, null), HeaderPlan.NONE, HeaderPlan.NONE));
    }
}
