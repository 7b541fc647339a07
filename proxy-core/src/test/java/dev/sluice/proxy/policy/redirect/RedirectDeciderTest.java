package dev.sluice.proxy.policy.redirect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.plan.RouteActionPlan.Redirect;
import dev.sluice.config.plan.RouteActionPlan.RedirectPort;
import dev.sluice.config.plan.RouteActionPlan.RedirectPort.Kind;
import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.headers.H1Headers;
import dev.sluice.proxy.stream.headers.HeaderNames;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** spec/istio-fields.md §1.5. */
class RedirectDeciderTest {
    private static RequestHead request(String authority, String path) {
        return RequestHead.builder(HttpVersion.HTTP_1_1, "GET", path, H1Headers.create())
                .authority(authority)
                .build();
    }

    private static Redirect plan(
            @Nullable String scheme, @Nullable String authority, Kind kind, int port, @Nullable String path) {
        return new Redirect(301, scheme, authority, new RedirectPort(kind, port), path, null, "");
    }

    private static String location(Redirect plan, RequestHead request) {
        return new RedirectDecider(plan).location(request, false);
    }

    @ParameterizedTest
    @CsvSource({
        // uri,  request path, expected path
        "      , /a?q=1, /a?q=1",
        "/new  , /a,     /new",
        "/new  , /a?q=1, /new?q=1",
        "/new?x, /a?q=1, /new?x",
        "/new? , /a?q=1, /new?",
        "new   , /a,     /new",
        "''    , /a,     /a",
    })
    void theUriReplacesThePathAndItsOwnQueryTheRequests(@Nullable String uri, String path, String expected) {
        assertEquals("http://a.com" + expected, location(plan(null, null, Kind.KEEP, 0, uri), request("a.com", path)));
    }

    @ParameterizedTest
    @CsvSource({"/old, /new, /old/x?q, /new/x?q", "/old, '', /old/x, /x", "/old/, /, /old/x, /x", "/o, n, /old, /nld"})
    void prefixRewriteReplacesTheMatchedPrefix(String matched, String rewrite, String path, String expected) {
        Redirect plan = new Redirect(302, null, null, new RedirectPort(Kind.KEEP, 0), null, rewrite, matched);
        assertEquals("http://a.com" + expected, location(plan, request("a.com", path)));
    }

    @ParameterizedTest
    @CsvSource({
        // scheme, authority, port kind, port, Host, expected
        "     , b.com, KEEP, 0,                       a.com:81,    http://b.com",
        "https, b.com, EXPLICIT, 8443,                a.com:81,    https://b.com:8443",
        "https, b.com, EXPLICIT, 443,                 a.com:81,    https://b.com",
        "http , b.com, EXPLICIT, 443,                 a.com,       http://b.com:443",
        "     , b.com, EXPLICIT, 80,                  a.com,       http://b.com",
        "     ,      , EXPLICIT, 81,                  a.com,       http://a.com:81",
        "     ,      , EXPLICIT, 81,                  a.com:90,    http://a.com:81",
        "     ,      , EXPLICIT, 81,                  [::1]:90,    http://[::1]:81",
        "     ,      , EXPLICIT, 81,                  [::1],       http://[::1]:81",
        "     ,      , FROM_PROTOCOL_DEFAULT, 0,      a.com:90,    http://a.com:90",
        "     , b.com, FROM_PROTOCOL_DEFAULT, 0,      a.com:90,    http://b.com",
        // Without a new port Host's stays, except where it was the default of a scheme that changes.
        "https,      , KEEP, 0,                       a.com:80,    https://a.com",
        "https,      , KEEP, 0,                       a.com:8080,  https://a.com:8080",
        "https,      , KEEP, 0,                       a.com,       https://a.com",
        "https,      , KEEP, 0,                       [::1]:80,    https://[::1]",
        "http ,      , KEEP, 0,                       a.com:80,    http://a.com:80",
        "http ,      , KEEP, 0,                       a.com:443,   http://a.com:443",
        // As Istio compiles it: a default port counts as none.
        "https,      , EXPLICIT, 443,                 a.com:8080,  https://a.com:8080",
    })
    void schemeHostAndPort(
            @Nullable String scheme, @Nullable String authority, Kind kind, int port, String host, String expected) {
        assertEquals(expected + "/p", location(plan(scheme, authority, kind, port, null), request(host, "/p")));
    }

    @Test
    void theOldSchemeIsWhatTheClientUsedTowardsTheEdge() {
        RequestHead request = request("a.com:443", "/");
        request.headers().set(HeaderNames.X_FORWARDED_PROTO, "https");
        assertEquals("http://a.com/", location(plan("http", null, Kind.KEEP, 0, null), request));
    }

    @Test
    void withoutASchemeTheListenersTlsSaysWhichPortIsTheDefault() {
        RedirectDecider decider = new RedirectDecider(plan(null, "b.com", Kind.EXPLICIT, 443, null));
        RequestHead request = RequestHead.builder(HttpVersion.HTTP_1_1, "GET", "/", H1Headers.create())
                .scheme("https")
                .build();
        assertEquals("https://b.com/", decider.location(request, true));
        assertEquals("https://b.com:443/", decider.location(request, false));
    }

    @Test
    void withoutAnyHostTheLocationIsAPathThatNamesNone() {
        assertEquals("/a?b", location(plan("https", null, Kind.KEEP, 0, null), request("", "/a?b")));
        assertEquals("/evil.com", location(plan(null, null, Kind.KEEP, 0, null), request("", "//evil.com")));
    }

    @Test
    void textThatMayNotStandInALocationIsEncodedByteByByte() {
        assertEquals(
                "http://a.com/%0D%0Ax:%20%22%3C%3E%5C%00%C3%A9",
                location(plan(null, null, Kind.KEEP, 0, "/\r\nx: \"<>\\\u0000é"), request("a.com", "/")));
    }

    @Property
    void nothingEndsTheHeader(@ForAll String uri, @ForAll String authority) {
        String location = location(plan(null, authority, Kind.KEEP, 0, uri), request("a.com", "/"));
        assertTrue(location.chars().allMatch(c -> c > ' ' && c <= '~'), location);
        assertTrue(location.startsWith("http://"), location);
    }
}
