package dev.sluice.proxy.policy.cors;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.config.plan.policy.CorsPlan;
import dev.sluice.config.plan.policy.StringMatchPlan;
import dev.sluice.proxy.policy.cors.CorsDecider.Verdict;
import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.headers.H1Headers;
import dev.sluice.proxy.stream.headers.Headers;
import io.netty.util.AsciiString;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** spec/istio-fields.md §1.9. */
class CorsDeciderTest {
    private static final List<StringMatchPlan> ORIGINS = List.of(
            new StringMatchPlan.Exact("https://a.com"),
            new StringMatchPlan.Prefix("https://b."),
            new StringMatchPlan.Regex("https://[a-z]+[.]c[.]com"));

    private static CorsDecider decider(List<StringMatchPlan> origins, boolean ignoreUnmatched) {
        return new CorsDecider(new CorsPlan(origins, "GET,POST", "x-a", "x-b,x-c", 7200, true, ignoreUnmatched));
    }

    private static RequestHead request(String method, String... pairs) {
        Headers headers = H1Headers.create();
        for (int i = 0; i < pairs.length; i += 2) {
            headers.add(AsciiString.of(pairs[i]), pairs[i + 1]);
        }
        return RequestHead.builder(HttpVersion.HTTP_1_1, method, "/", headers).build();
    }

    @ParameterizedTest
    @CsvSource({
        "https://a.com,     ALLOWED",
        "https://a.com.evil, NONE",
        "HTTPS://a.com,     NONE",
        "https://b.org,     ALLOWED",
        "https://x.c.com,   ALLOWED",
        "https://x.c.com.e, NONE",
        "https://xxc.com,   NONE",
        "null,              NONE",
        "'',                NONE",
        "*,                 NONE",
    })
    void anActualRequestIsAllowedByAnyMatcher(String origin, Verdict expected) {
        assertEquals(expected, decider(ORIGINS, true).decide(request("GET", "origin", origin)));
    }

    @Test
    void withoutOriginNothingHappens() {
        RequestHead preflight = request("OPTIONS", "access-control-request-method", "GET");
        assertEquals(Verdict.NONE, decider(ORIGINS, true).decide(preflight));
    }

    @Test
    void aMatcherThatTakesTheStarAllowsEveryOrigin() {
        for (StringMatchPlan any : List.of(
                new StringMatchPlan.Exact("*"), new StringMatchPlan.Prefix("*"), new StringMatchPlan.Regex(".*"))) {
            assertEquals(Verdict.ALLOWED, decider(List.of(any), true).decide(request("GET", "origin", "http://evil")));
        }
        assertEquals(
                Verdict.NONE,
                decider(List.of(new StringMatchPlan.Regex(".+[.]com")), true)
                        .decide(request("GET", "origin", "http://evil")));
    }

    @Test
    void aPreflightIsOptionsWithANonEmptyRequestMethod() {
        CorsDecider decider = decider(ORIGINS, true);
        String[] preflight = {"origin", "https://a.com", "access-control-request-method", "DELETE"};
        assertEquals(Verdict.PREFLIGHT, decider.decide(request("OPTIONS", preflight)));
        assertEquals(Verdict.ALLOWED, decider.decide(request("GET", preflight)));
        assertEquals(Verdict.ALLOWED, decider.decide(request("OPTIONS", "origin", "https://a.com")));
        assertEquals(
                Verdict.ALLOWED,
                decider.decide(request("OPTIONS", "origin", "https://a.com", "access-control-request-method", "")));
    }

    @Test
    void aPreflightOfAForeignOriginIsForwardedUnlessItIsToBeIgnored() {
        RequestHead preflight = request("OPTIONS", "origin", "http://evil", "access-control-request-method", "GET");
        assertEquals(Verdict.NONE, decider(ORIGINS, false).decide(preflight));
        assertEquals(Verdict.FOREIGN_PREFLIGHT, decider(ORIGINS, true).decide(preflight));
        assertEquals(Verdict.NONE, decider(ORIGINS, true).decide(request("OPTIONS", "origin", "http://evil")));
    }

    @Test
    void aPreflightIsAnsweredWithTheListsWhateverItAsksFor() {
        Headers response = H1Headers.create();
        RequestHead preflight = request(
                "OPTIONS",
                "origin",
                "https://a.com",
                "access-control-request-method",
                "DELETE",
                "access-control-request-headers",
                "x-z");
        decider(ORIGINS, false).answerPreflight(preflight, response);
        assertEquals(
                "[access-control-allow-origin=https://a.com, access-control-allow-credentials=true,"
                        + " access-control-allow-methods=GET,POST, access-control-allow-headers=x-a,"
                        + " access-control-max-age=7200]",
                response.toString());
    }

    @Test
    void aStarEchoesWhatIsAskedFor() {
        CorsDecider decider = new CorsDecider(new CorsPlan(ORIGINS, "*", "*", null, -1, false, false));
        Headers response = H1Headers.create();
        RequestHead preflight = request(
                "OPTIONS",
                "origin",
                "https://a.com",
                "access-control-request-method",
                "DELETE",
                "access-control-request-headers",
                "x-y",
                "access-control-request-headers",
                "x-z");
        decider.answerPreflight(preflight, response);
        assertEquals(
                "[access-control-allow-origin=https://a.com, access-control-allow-methods=DELETE,"
                        + " access-control-allow-headers=x-y,x-z]",
                response.toString());

        Headers bare = H1Headers.create();
        decider.answerPreflight(
                request("OPTIONS", "origin", "https://a.com", "access-control-request-method", "PUT"), bare);
        assertEquals("[access-control-allow-origin=https://a.com, access-control-allow-methods=PUT]", bare.toString());
    }

    @Test
    void anActualResponseGetsTheOriginInPlaceOfTheUpstreamsAnswer() {
        Headers response = H1Headers.create();
        response.set(AsciiString.of("access-control-allow-origin"), "*");
        decider(ORIGINS, false).editResponse("https://a.com", response);
        assertEquals(
                "[access-control-allow-origin=https://a.com, access-control-allow-credentials=true,"
                        + " access-control-expose-headers=x-b,x-c]",
                response.toString());
    }

    @Test
    void whatIsNotSetIsNotWritten() {
        CorsDecider decider = new CorsDecider(new CorsPlan(ORIGINS, null, null, null, -1, false, false));
        Headers response = H1Headers.create();
        decider.editResponse("https://a.com", response);
        assertEquals("[access-control-allow-origin=https://a.com]", response.toString());
    }
}
