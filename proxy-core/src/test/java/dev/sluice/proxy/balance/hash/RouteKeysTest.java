package dev.sluice.proxy.balance.hash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.sluice.config.plan.ClusterKey;
import dev.sluice.config.plan.DestinationPlan;
import dev.sluice.config.plan.policy.HashPlan;
import dev.sluice.config.plan.policy.HeaderPlan;
import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.exchange.ExchangeObserver;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.ResponseHead;
import dev.sluice.proxy.stream.headers.H2Headers;
import dev.sluice.proxy.telemetry.Traffic;
import io.netty.util.AsciiString;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** spec/istio-fields.md §2.3 and §12.5. */
class RouteKeysTest {
    private static final AsciiString SET_COOKIE = AsciiString.of("set-cookie");

    private final Traffic traffic = new Traffic(ExchangeObserver.NONE);

    private static HashPlan.Key cookie(@Nullable String path, @Nullable Duration ttl, String... attributes) {
        return new HashPlan.Key.Cookie("session", path, ttl, List.of(attributes));
    }

    private static DestinationPlan destination(int number, HashPlan.Key... keys) {
        return new DestinationPlan(
                new ClusterKey("reviews", 80, "v" + number), 50, HeaderPlan.NONE, new HashPlan(List.of(keys)));
    }

    private static void read(Exchange exchange, HashPlan.Key... keys) {
        Objects.requireNonNull(RouteKeys.of(List.of(destination(1, keys)))).choose(exchange);
    }

    private Exchange read(RequestHead request, HashPlan.Key... keys) {
        Exchange exchange = traffic.start(request);
        read(exchange, keys);
        return exchange;
    }

    private static void assertKey(long expected, Exchange exchange) {
        assertEquals(List.of(true, expected), List.of(exchange.isHashed(), exchange.hashKey()));
    }

    private static RequestHead get(String path, String... headers) {
        return Traffic.get(path, headers).build();
    }

    @Test
    void aHeaderIsHashedByItsBytes() {
        assertKey(XxHash64.hash("jason"), read(get("/", "X-User", "jason"), new HashPlan.Key.Header("x-user")));
        assertKey(
                XxHash64.hash("café"), read(get("/", "x-user", "caf\u00c3\u00a9"), new HashPlan.Key.Header("x-user")));
        assertKey(XxHash64.hash(""), read(get("/", "x-user", ""), new HashPlan.Key.Header("x-user")));
        assertKey(XxHash64.hash("reviews:9080"), read(get("/"), new HashPlan.Key.Header("host")));
        assertFalse(read(get("/", "x-other", "jason"), new HashPlan.Key.Header("x-user"))
                .isHashed());
    }

    @Test
    void severalValuesOfAHeaderCountInWhateverOrder() {
        long expected = XxHash64.hash("c", XxHash64.hash("b", XxHash64.hash("a")));
        HashPlan.Key key = new HashPlan.Key.Header("x-user");
        assertKey(expected, read(get("/", "x-user", "b", "x-user", "a", "x-user", "c"), key));
        assertKey(expected, read(get("/", "x-user", "c", "x-user", "b", "x-user", "a"), key));
    }

    @Test
    void aQueryParameterIsHashedAsSentAndTheFirstCounts() {
        HashPlan.Key key = new HashPlan.Key.QueryParameter("user");
        assertKey(XxHash64.hash("a%20b"), read(get("/x?user=a%20b&user=c"), key));
        assertKey(XxHash64.hash(""), read(get("/x?user"), key));
        assertFalse(read(get("/x?User=a"), key).isHashed());
        assertFalse(read(get("/user=a"), key).isHashed());
    }

    @Test
    void theSourceAddressCountsWithoutItsPort() {
        assertKey(XxHash64.hash("10.0.0.9"), read(get("/"), new HashPlan.Key.SourceIp()));
        traffic.from(new InetSocketAddress("2001:db8:0:0:0:0:0:1", 9), null);
        assertKey(XxHash64.hash("2001:db8::1"), read(get("/"), new HashPlan.Key.SourceIp()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "session=abc | abc",
                "a=1; session=abc; b=2 | abc",
                "a=1;session=abc;session=other | abc",
                "session=\"abc\" | abc",
                "session=a=b | a=b",
                "flag; session=abc | abc",
                "xsession=no; session=abc | abc",
                "  session=abc | abc",
                "session=\" | \"",
            })
    void aCookieIsFoundAsEnvoyFindsIt(String header, String value) {
        assertKey(XxHash64.hash(value), read(get("/", "cookie", header), cookie(null, null)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"Session=abc", "sessions=abc", "session", "session=", "a=session=abc", "session=\"\""})
    void whatIsNoSuchCookieIsNone(String header) {
        assertFalse(read(get("/", "cookie", header), cookie(null, null)).isHashed());
    }

    @Test
    void cookiesOverSeveralHeadersAreOneList() {
        H2Headers headers = H2Headers.create();
        for (String crumb : List.of("a=1", "session=first", "session=second", "b=2")) {
            headers.add(AsciiString.of("cookie"), crumb);
        }
        RequestHead request =
                RequestHead.builder(HttpVersion.HTTP_2, "GET", "/", headers).build();
        assertKey(XxHash64.hash("first"), read(request, cookie(null, null)));
    }

    @Test
    void aMissingCookieWithALifetimeIsMadeOfTheConnectionsTwoEnds() {
        String value = String.format("%016x", XxHash64.hash("10.0.0.9:5123410.0.0.1:8080"));
        Exchange exchange = read(get("/"), cookie("/app", Duration.ofMinutes(2), "Secure", "SameSite=Lax"));
        assertKey(XxHash64.hash(value), exchange);
        assertEquals(
                List.of("session=\"" + value + "\"; Max-Age=120; Path=/app; Secure; SameSite=Lax; HttpOnly"),
                answered(exchange));
        Exchange again = read(get("/", "cookie", "session=\"" + value + "\""), cookie("/app", Duration.ofMinutes(2)));
        assertKey(exchange.hashKey(), again);
        assertEquals(List.of(), answered(again));
    }

    @Test
    void aLifetimeOfZeroMakesASessionCookieAndNoneMakesNoCookie() {
        String value = String.format("%016x", XxHash64.hash("10.0.0.9:5123410.0.0.1:8080"));
        assertEquals(
                List.of("session=\"" + value + "\"; HttpOnly"),
                answered(read(get("/", "cookie", "session="), cookie(null, Duration.ZERO))));
        Exchange none = read(get("/"), cookie("/", null));
        assertFalse(none.isHashed());
        assertEquals(List.of(), answered(none));
    }

    @Test
    void aLineEndInTheConfigurationDoesNotBecomeAHeader() {
        Exchange exchange = read(
                get("/"), new HashPlan.Key.Cookie("session\r\n", "/\r\nx: y", Duration.ZERO, List.of("a\u0000=\nb")));
        String cookie = answered(exchange).get(0);
        assertTrue(cookie.startsWith("session=\"") && cookie.endsWith("\"; Path=/x: y; a=b; HttpOnly"), cookie);
    }

    /** Only the text of a header's value and the iterator over its values are made anew. */
    @Test
    void readingKeysMakesHardlyAnyGarbage() {
        Exchange exchange =
                traffic.start(get("/?user=jason", "x-user", "jason", "cookie", "a=1; session=\"0123456789abcdef\""));
        RouteKeys keys = Objects.requireNonNull(RouteKeys.of(List.of(
                destination(1, new HashPlan.Key.Header("x-user"), cookie(null, null)),
                destination(2, new HashPlan.Key.QueryParameter("user")))));
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long bytes = Long.MAX_VALUE;
        boolean found = true;
        // The first rounds load classes and fill the thread's scratch.
        for (int round = 0; round < 10; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            found &= keys.choose(exchange) != RouteKeys.NO_KEY;
            bytes = Math.min(bytes, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertTrue(found);
        assertTrue(bytes <= 240, bytes + " bytes");
    }

    @Test
    void anAnswerOfTheProxysOwnSetsNoCookie() {
        Exchange exchange = read(get("/"), cookie(null, Duration.ZERO));
        exchange.fail(ProxyError.proxy(ErrorCode.NO_HEALTHY_UPSTREAM, "a test"));
        assertEquals(503, exchange.status());
        assertEquals(List.of(), setCookies(exchange));
    }

    @Test
    void keysAreCombinedInOrderAndAnEqualOneCountsOnce() {
        RequestHead both = get("/?q=2", "x-user", "1");
        long header = XxHash64.hash("1");
        long query = XxHash64.hash("2");
        HashPlan.Key user = new HashPlan.Key.Header("x-user");
        HashPlan.Key q = new HashPlan.Key.QueryParameter("q");
        assertKey(Long.rotateLeft(header, 1) ^ query, read(both, user, q));
        assertKey(Long.rotateLeft(query, 1) ^ header, read(both, q, user));
        assertKey(query, read(get("/?q=2"), user, q));
        Exchange exchange = traffic.start(get("/", "x-user", "1"));
        Objects.requireNonNull(RouteKeys.of(List.of(destination(1, user), destination(2, user))))
                .choose(exchange);
        assertKey(header, exchange);
    }

    @Test
    void withoutAKeyTheRouteIsNotHashedAndWithoutItsValueThereIsNoChoice() {
        assertNull(RouteKeys.of(List.of(destination(1), destination(2))));
        RouteKeys keys = Objects.requireNonNull(
                RouteKeys.of(List.of(destination(1, new HashPlan.Key.Header("x-user")), destination(2))));
        assertEquals(RouteKeys.NO_KEY, keys.choose(traffic.start(get("/"))));
    }

    private static List<String> answered(Exchange exchange) {
        exchange.respond(new ResponseHead(200, Traffic.headers(), 0), true);
        return setCookies(exchange);
    }

    private static List<String> setCookies(Exchange exchange) {
        List<String> values = new ArrayList<>();
        ResponseHead head = Objects.requireNonNull(exchange.responseHead());
        head.headers().getAll(SET_COOKIE).forEach(value -> values.add(value.toString()));
        return values;
    }
}
