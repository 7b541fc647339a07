package dev.sluice.proxy.policy.headers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.plan.policy.HeaderPlan;
import dev.sluice.config.plan.policy.RewritePlan;
import dev.sluice.config.plan.policy.RewritePlan.PathRewrite;
import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.headers.H1Headers;
import io.netty.util.AsciiString;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** spec/istio-fields.md §1.4. */
class RewriteTest {
    private static final AsciiString ORIGINAL_PATH = AsciiString.of("x-envoy-original-path");

    private static RequestHead head(String path) {
        return RequestHead.builder(HttpVersion.HTTP_1_1, "GET", path, H1Headers.create())
                .authority("a.com")
                .build();
    }

    private static boolean rewrite(PathRewrite plan, RequestHead head) {
        Rewrite rewrite = Rewrite.of(new RewritePlan(plan, null), HeaderPlan.NONE, HeaderPlan.NONE);
        return Objects.requireNonNull(rewrite).apply(head);
    }

    private static void assertRewritten(String expected, PathRewrite plan, String path) {
        RequestHead head = head(path);
        assertTrue(rewrite(plan, head));
        assertEquals(expected, head.path());
        CharSequence original = head.headers().get(ORIGINAL_PATH);
        assertEquals(expected.equals(path) ? "null" : path, String.valueOf(original));
    }

    @ParameterizedTest
    @CsvSource({
        "/api,  /v1,  /api/x,      /v1/x",
        "/api,  /,    /api/x,      //x",
        "/api/, /,    /api/x?a=/b, /x?a=/b",
        "/,     /v1,  /x,          /v1x",
        "/api,  /v1,  /api?q,      /v1?q",
        "/API,  /v1,  /api/x,      /v1/x",
        "/api,  /api, /api/x,      /api/x",
        "/api,  '',   /api/x,      /api/x",
        "/api,  /b?c, /api/x?q,    /b?c/x?q",
    })
    void aPrefixIsReplacedByItsLength(String prefix, String replacement, String path, String expected) {
        assertRewritten(expected, new PathRewrite.ReplacePrefix(prefix, replacement), path);
    }

    @ParameterizedTest
    @CsvSource({"/new, /old/x, /new", "/new, /old?q=1, /new?q=1", "'', /old, /old", "/old, /old?q, /old?q"})
    void theWholePathIsReplacedAndTheQueryStays(String replacement, String path, String expected) {
        assertRewritten(expected, new PathRewrite.ReplaceAll(replacement), path);
    }

    @ParameterizedTest
    @CsvSource({
        "/service/([^/]+)(/.*)$, \\2/instance/\\1, /service/foo/v1/api, /v1/api/instance/foo",
        "one,                    two,              /xxx/one/yyy/one/zzz, /xxx/two/yyy/two/zzz",
        "(?i)/xxx/,              /yyy/,            /aaa/XxX/bbb, /aaa/yyy/bbb",
        "a,                      <\\0>\\\\,        /b,           /b",
        "^/(.)(x)?,              /\\1\\2-,         /ab,          /a-b",
        "/v[0-9]+,               '',               /v1/x?v=/v2,  /x?v=/v2",
        "/.*,                    '',               /x,           /x",
    })
    void everyHitOfARegexSearchIsReplaced(String pattern, String substitution, String path, String expected) {
        assertRewritten(expected, new PathRewrite.ReplaceRegex(pattern, substitution), path);
    }

    /** RE2's GlobalReplace counts no empty hit right behind another one; the JDK's replaceAll does. */
    @ParameterizedTest
    @CsvSource({"b*, -, abc, -a-c-", "x*, -, abc, -a-b-c-", "b+, -, abbbc, a-c", "b*, -, abbb, -a-"})
    void emptyHitsCountAsInRe2(String pattern, String substitution, String text, String expected) {
        assertEquals(expected, new RegexSubstitution(pattern, substitution).rewrite(text));
    }

    @ParameterizedTest
    @CsvSource({"a, \\1", "(a), \\2", "a, \\x", "a, x\\"})
    void aSubstitutionThatNamesNoGroupIsRefused(String pattern, String substitution) {
        assertThrows(IllegalArgumentException.class, () -> new RegexSubstitution(pattern, substitution));
    }

    @ParameterizedTest
    @CsvSource({"^/, ''", "^/, x", "x, ' '", "x, é", "x, '\u0001'", "x, '\u007f'"})
    void aResultThatIsNoRequestTargetLeavesTheHeadAlone(String pattern, String substitution) {
        RequestHead head = head("/ax?q");
        assertFalse(rewrite(new PathRewrite.ReplaceRegex(pattern, substitution), head));
        assertEquals("/ax?q", head.path());
        assertFalse(head.headers().contains(ORIGINAL_PATH));
    }

    @Property
    void whatIsSentIsAlwaysAPathWithTheQueryThatCame(
            @ForAll("texts") String pattern, @ForAll("texts") String replacement, @ForAll("paths") String path) {
        for (PathRewrite plan : new PathRewrite[] {
            new PathRewrite.ReplaceRegex(pattern, replacement),
            new PathRewrite.ReplacePrefix("/", replacement),
            new PathRewrite.ReplaceAll(replacement)
        }) {
            RequestHead head = head(path);
            boolean applied = rewrite(plan, head);
            assertTrue(head.path().startsWith("/"), head.path());
            assertTrue(head.path().chars().allMatch(c -> c > ' ' && c <= '~'), head.path());
            assertTrue(applied || head.path().equals(path));
            int question = path.indexOf('?');
            assertTrue(question < 0 || head.path().endsWith(path.substring(question)), head.path());
        }
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings().withChars("/ab .\n\u00e9").ofMaxLength(4);
    }

    @Provide
    Arbitrary<String> paths() {
        return Arbitraries.strings().withChars("/ab?").ofMaxLength(6).map(text -> "/" + text);
    }
}
