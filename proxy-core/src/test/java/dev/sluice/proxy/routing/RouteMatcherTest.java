package dev.sluice.proxy.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.match.RequestField;
import dev.sluice.proxy.stream.RequestHead;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** spec/istio-fields.md §1.2. */
class RouteMatcherTest {
    private static boolean matches(Rules.MatchBuilder rule, RequestHead request) {
        return new RouteMatcher.Compiler()
                .compile(rule.plan())
                .matches(request, RequestField.endOfPath(request.path()));
    }

    @Test
    void theUriIsMatchedWithoutItsQuery() {
        assertTrue(matches(Rules.match().path(Rules.exact("/foo")), Requests.get("/foo?a=b")));
        assertFalse(matches(Rules.match().path(Rules.exact("/foo")), Requests.get("/foo/")));
        assertTrue(matches(Rules.match().path(Rules.regex("/f.o")), Requests.get("/foo?a")));
    }

    @Test
    void aPrefixKnowsNoPathSegments() {
        assertTrue(matches(Rules.match().path(Rules.prefix("/foo")), Requests.get("/foobar")));
        assertFalse(matches(Rules.match().path(Rules.prefix("/foo/")), Requests.get("/foo?/")));
    }

    @Test
    void aRegexMatchesTheWholeInput() {
        assertFalse(matches(Rules.match().path(Rules.regex("/foo")), Requests.get("/foobar")));
        assertFalse(matches(Rules.match().path(Rules.regex("foo")), Requests.get("/foo")));
        assertTrue(matches(Rules.match().header("h", Rules.regex("a|ab")), Requests.get("/", "h", "ab")));
    }

    @Test
    void ignoreUriCaseAffectsExactAndPrefixOfTheUriOnly() {
        assertTrue(matches(Rules.match().path(Rules.exact("/Foo")).ignoreCase(), Requests.get("/fOO")));
        assertTrue(matches(Rules.match().path(Rules.prefix("/Foo")).ignoreCase(), Requests.get("/fOObar")));
        assertFalse(matches(Rules.match().path(Rules.regex("/Foo")).ignoreCase(), Requests.get("/foo")));
        assertFalse(matches(Rules.match().ignoreCase().header("h", Rules.exact("A")), Requests.get("/", "h", "a")));
        assertFalse(matches(Rules.match().path(Rules.exact("/Foo")), Requests.get("/foo")));
    }

    @Test
    void methodSchemeAndAuthorityCompareWithCaseAndTheAuthorityWithItsPort() {
        RequestHead request = Requests.request("GET", "http", "a.com:8080", "/");
        assertTrue(matches(Rules.match().method(Rules.exact("GET")), request));
        assertFalse(matches(Rules.match().method(Rules.exact("get")), request));
        assertTrue(matches(Rules.match().scheme(Rules.prefix("http")), request));
        assertTrue(matches(Rules.match().authority(Rules.exact("a.com:8080")), request));
        assertFalse(matches(Rules.match().authority(Rules.exact("a.com")), request));
        assertFalse(matches(Rules.match().authority(Rules.regex(".*")), Requests.request("GET", "http", "", "/")));
    }

    /** The rule of Istio's own examples; browsers send each cookie in a field of its own over HTTP/2. */
    @Test
    void theCrumbsOfACookieAreMatchedAsOneCookie() {
        Rules.MatchBuilder jason = Rules.match().header("cookie", Rules.regex("^(.*?; ?)?(user=jason)(;.*)?$"));
        assertTrue(matches(jason, Requests.get("/", "cookie", "a=1", "cookie", "user=jason", "cookie", "b=2")));
        assertTrue(matches(jason, Requests.get("/", "cookie", "user=jason", "cookie", "b=2")));
        assertTrue(matches(jason, Requests.get("/", "cookie", "a=1; user=jason")));
        assertFalse(matches(jason, Requests.get("/", "cookie", "a=1", "cookie", "user=jasonx")));
    }

    @Test
    void severalValuesOfAHeaderMatchJoinedByACommaOrOneByOne() {
        RequestHead request = Requests.get("/", "H", "a", "h", "b");
        assertTrue(matches(Rules.match().header("h", Rules.exact("a,b")), request));
        assertTrue(matches(Rules.match().header("h", Rules.prefix("a,")), request));
        assertTrue(matches(Rules.match().header("h", Rules.regex("a,b")), request));
        assertTrue(matches(Rules.match().header("h", Rules.exact("a")), request));
        assertTrue(matches(Rules.match().header("h", Rules.exact("b")), request));
        assertTrue(matches(Rules.match().header("h", Rules.regex("[bc]")), request));
        assertFalse(matches(Rules.match().header("h", Rules.exact("b,a")), request));
        assertFalse(matches(Rules.match().header("h", Rules.prefix("c")), request));
    }

    @Test
    void withoutHeadersIsNotEvadedByOneMoreLine() {
        RequestHead request = Requests.get("/", "h", "a", "h", "b");
        assertFalse(matches(Rules.match().without("h", Rules.exact("a")), request));
        assertFalse(matches(Rules.match().without("h", Rules.exact("b")), request));
        assertFalse(matches(Rules.match().without("h", Rules.exact("a,b")), request));
        assertFalse(matches(Rules.match().without("h", Rules.present()), request));
        assertTrue(matches(Rules.match().without("h", Rules.exact("c")), request));
        assertTrue(matches(Rules.match().without("h", Rules.regex("")), request));
    }

    @Test
    void presenceTakesAnyValueAndAMissingHeaderMatchesNothingElse() {
        assertTrue(matches(Rules.match().header("h", Rules.present()), Requests.get("/", "h", "")));
        assertFalse(matches(Rules.match().header("h", Rules.present()), Requests.get("/")));
        assertFalse(matches(Rules.match().header("h", Rules.regex(".*")), Requests.get("/")));
        assertFalse(matches(Rules.match().header("h", Rules.exact("")), Requests.get("/")));
    }

    @Test
    void hostAndPseudoHeadersAreFieldsOfTheHead() {
        RequestHead request = Requests.request("PUT", "https", "a.com:1", "/p?q");
        assertTrue(matches(Rules.match().header("host", Rules.exact("a.com:1")), request));
        assertTrue(matches(Rules.match().header(":authority", Rules.exact("a.com:1")), request));
        assertTrue(matches(Rules.match().header(":method", Rules.exact("PUT")), request));
        assertTrue(matches(Rules.match().header(":scheme", Rules.exact("https")), request));
        assertTrue(matches(Rules.match().header(":path", Rules.exact("/p?q")), request));
        assertFalse(matches(Rules.match().header(":status", Rules.present()), request));
        assertFalse(matches(Rules.match().header("scheme", Rules.present()), request));
    }

    @Test
    void withoutHeadersTreatsAMissingHeaderAsEmpty() {
        assertTrue(matches(Rules.match().without("h", Rules.exact("x")), Requests.get("/")));
        assertTrue(matches(Rules.match().without("h", Rules.exact("x")), Requests.get("/", "h", "y")));
        assertFalse(matches(Rules.match().without("h", Rules.exact("x")), Requests.get("/", "h", "x")));
        assertFalse(matches(Rules.match().without("h", Rules.regex(".*")), Requests.get("/")));
        assertFalse(matches(Rules.match().without("h", Rules.exact("")), Requests.get("/")));
    }

    @Test
    void withoutHeadersByPresenceFailsAlsoOnAnEmptyValue() {
        assertTrue(matches(Rules.match().without("h", Rules.present()), Requests.get("/")));
        assertFalse(matches(Rules.match().without("h", Rules.present()), Requests.get("/", "h", "")));
    }

    @Test
    void theFirstOccurrenceOfAQueryKeyCountsRaw() {
        assertTrue(matches(Rules.match().query("k", Rules.exact("1")), Requests.get("/?k=1&k=2")));
        assertFalse(matches(Rules.match().query("k", Rules.exact("2")), Requests.get("/?k=1&k=2")));
        assertTrue(matches(Rules.match().query("k", Rules.exact("%31")), Requests.get("/?a&k=%31")));
        assertFalse(matches(Rules.match().query("k", Rules.exact("1")), Requests.get("/?k=%31")));
        assertTrue(matches(Rules.match().query("k", Rules.exact("a=b")), Requests.get("/?k=a=b")));
        assertFalse(matches(Rules.match().query("k", Rules.present()), Requests.get("/?kk=1&K=2&ak=3")));
        assertFalse(matches(Rules.match().query("k", Rules.present()), Requests.get("/k=1")));
    }

    @Test
    void aQueryKeyWithoutValueIsPresentAndEmpty() {
        assertTrue(matches(Rules.match().query("k", Rules.exact("")), Requests.get("/?k")));
        assertTrue(matches(Rules.match().query("k", Rules.exact("")), Requests.get("/?k=")));
        assertTrue(matches(Rules.match().query("k", Rules.present()), Requests.get("/?a=1&k")));
        assertFalse(matches(Rules.match().query("k", Rules.exact("")), Requests.get("/?")));
    }

    @Test
    void configuredTextBeyondAsciiMeetsTheWireAsUtf8() {
        String wire = new String("é".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        assertTrue(matches(Rules.match().header("h", Rules.exact("é")), Requests.get("/", "h", wire)));
        assertTrue(matches(Rules.match().header("h", Rules.regex("[é]")), Requests.get("/", "h", wire)));
        assertFalse(matches(Rules.match().header("h", Rules.exact("é")), Requests.get("/", "h", "é")));
    }

    @Test
    void allConditionsMustHoldAndTheFirstThatFailsIsNamed() {
        Rules.MatchBuilder rule = Rules.match()
                .path(Rules.prefix("/a"))
                .scheme(Rules.exact("http"))
                .method(Rules.exact("GET"))
                .header("h", Rules.exact("1"))
                .without("w", Rules.present())
                .query("q", Rules.exact("2"));
        RouteMatcher matcher = new RouteMatcher.Compiler().compile(rule.plan());
        assertEquals("uri", failure(matcher, Requests.get("/b")));
        assertEquals("scheme", failure(matcher, Requests.request("POST", "https", "h", "/a")));
        assertEquals("method", failure(matcher, Requests.request("POST", "http", "h", "/a")));
        assertEquals("headers[h]", failure(matcher, Requests.get("/a?q=2")));
        assertEquals("withoutHeaders[w]", failure(matcher, Requests.get("/a?q=2", "h", "1", "w", "")));
        assertEquals("queryParams[q]", failure(matcher, Requests.get("/a?q=3", "h", "1")));
        assertEquals("none", failure(matcher, Requests.get("/a?q=2", "h", "1")));
    }

    private static String failure(RouteMatcher matcher, RequestHead request) {
        var failed = matcher.firstFailure(request, RequestField.endOfPath(request.path()));
        return failed == null ? "none" : failed.field();
    }
}
