package dev.sluice.proxy.policy.retry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.plan.policy.RetryPlan;
import dev.sluice.config.plan.policy.RetryPlan.RetryOn;
import dev.sluice.proxy.exchange.Steering;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.ProxyError.Origin;
import dev.sluice.proxy.stream.ProxyError.RetryVerdict;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.headers.H2Headers;
import dev.sluice.proxy.stream.headers.Headers;
import io.netty.util.AsciiString;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which outcomes each word of {@code retryOn} tries again: the vocabulary of spec/istio-fields.md §1.7, word by word. */
class RetryDeciderTest {
    private static final List<Integer> CODES = List.of(404, 503);
    private static final String AGAIN = "x-again";
    private static final Map<String, RetryOn> GRPC = Map.of(
            "1", RetryOn.CANCELLED,
            "4", RetryOn.DEADLINE_EXCEEDED,
            "8", RetryOn.RESOURCE_EXHAUSTED,
            "13", RetryOn.INTERNAL,
            "14", RetryOn.UNAVAILABLE);
    private static final List<ProxyError> FAILURES = List.of(
            ProxyError.notProcessed(ErrorCode.CONNECT_FAILED, ""),
            ProxyError.notProcessed(ErrorCode.CONNECT_TIMEOUT, ""),
            ProxyError.notProcessed(ErrorCode.UPSTREAM_REFUSED, ""),
            ProxyError.notProcessed(ErrorCode.UPSTREAM_RESET, "beyond the last stream of a GOAWAY"),
            ProxyError.upstream(ErrorCode.UPSTREAM_RESET, ""),
            ProxyError.upstream(ErrorCode.UPSTREAM_CLOSED, ""),
            new ProxyError(ErrorCode.UPSTREAM_CLOSED, Origin.UPSTREAM, RetryVerdict.REUSED_CONNECTION, ""),
            ProxyError.upstream(ErrorCode.UPSTREAM_PROTOCOL, ""),
            ProxyError.upstream(ErrorCode.TRY_TIMEOUT, ""));
    private static final List<ProxyError> FINAL = List.of(
            ProxyError.proxy(ErrorCode.BREAKER_OPEN, ""),
            ProxyError.proxy(ErrorCode.PENDING_FULL, ""),
            ProxyError.proxy(ErrorCode.NO_HEALTHY_UPSTREAM, ""),
            ProxyError.proxy(ErrorCode.TIMEOUT, ""));

    /** What came back of a try: a head. */
    record Answer(int status, boolean last, @Nullable String grpcStatus, boolean limited, boolean again) {
        Headers headers() {
            Headers headers = H2Headers.create();
            if (grpcStatus != null) {
                headers.set(AsciiString.of("grpc-status"), grpcStatus);
            }
            if (limited) {
                headers.set(AsciiString.of("x-envoy-ratelimited"), "true");
            }
            if (again) {
                headers.set(AsciiString.of(AGAIN), "");
            }
            return headers;
        }
    }

    private static RetryPlan plan(Set<RetryOn> on, boolean isDefault) {
        return new RetryPlan(3, null, on, CODES, false, true, RetryPlan.DEFAULT_BASE_INTERVAL, isDefault);
    }

    private static RetryDecider decider(Set<RetryOn> on) {
        return new RetryDecider(plan(on, false))
                .with(new Steering(
                        Steering.UNSET,
                        Steering.UNSET,
                        Steering.UNSET,
                        Set.of(),
                        List.of(),
                        List.of(AsciiString.of(AGAIN)),
                        false));
    }

    private static RequestHead request(String method) {
        return RequestHead.builder(HttpVersion.HTTP_2, method, "/", H2Headers.create())
                .authority("shop")
                .build();
    }

    // ---- the words, as the specification has them

    private static boolean fires(RetryOn word, Answer answer) {
        boolean graded = answer.last && answer.grpcStatus != null;
        return switch (word) {
            case FIVE_XX -> answer.status >= 500 && answer.status <= 599;
            case GATEWAY_ERROR -> answer.status == 502 || answer.status == 503 || answer.status == 504;
            case RETRIABLE_4XX -> answer.status == 409;
            case RETRIABLE_STATUS_CODES -> CODES.contains(answer.status);
            case RETRIABLE_HEADERS -> answer.again;
            case CANCELLED, DEADLINE_EXCEEDED, INTERNAL, RESOURCE_EXHAUSTED, UNAVAILABLE ->
                graded && GRPC.get(answer.grpcStatus) == word;
            case RESET,
                    RESET_BEFORE_REQUEST,
                    CONNECT_FAILURE,
                    REFUSED_STREAM,
                    ENVOY_RATELIMITED,
                    HTTP3_POST_CONNECT_FAILURE -> false;
        };
    }

    private static boolean fires(RetryOn word, ProxyError failure) {
        return switch (word) {
            case FIVE_XX, GATEWAY_ERROR, RESET -> true;
            case RESET_BEFORE_REQUEST -> failure.retry() == RetryVerdict.NOT_PROCESSED;
            case CONNECT_FAILURE ->
                failure.code() == ErrorCode.CONNECT_FAILED || failure.code() == ErrorCode.CONNECT_TIMEOUT;
            case REFUSED_STREAM -> failure.code() == ErrorCode.UPSTREAM_REFUSED;
            default -> false;
        };
    }

    @Provide
    Arbitrary<Set<RetryOn>> words() {
        return Arbitraries.of(RetryOn.class).set();
    }

    @Provide
    Arbitrary<Answer> answers() {
        Arbitrary<@Nullable String> grpc = Arbitraries.integers().between(0, 17).map(String::valueOf);
        return Combinators.combine(
                        Arbitraries.frequencyOf(
                                Tuple.of(1, Arbitraries.integers().between(200, 999)),
                                Tuple.of(2, Arbitraries.of(200, 404, 409, 499, 500, 501, 502, 503, 504, 599, 600))),
                        Arbitraries.of(true, false),
                        grpc.injectNull(0.4),
                        Arbitraries.frequency(Tuple.of(1, true), Tuple.of(5, false)),
                        Arbitraries.of(true, false))
                .as(Answer::new);
    }

    @Property(tries = 3_000)
    void anAnswerIsTriedAgainWhereOneOfTheWordsMeansIt(
            @ForAll("words") Set<RetryOn> on, @ForAll("answers") Answer answer) {
        boolean expected = answer.limited
                ? on.contains(RetryOn.ENVOY_RATELIMITED)
                : on.stream().anyMatch(word -> fires(word, answer));
        assertEquals(expected, decider(on).retries(answer.status, answer.headers(), answer.last));
    }

    @Property
    void aFailureIsTriedAgainWhereOneOfTheWordsMeansIt(@ForAll("words") Set<RetryOn> on) {
        for (ProxyError failure : FAILURES) {
            for (String method : List.of("GET", "POST")) {
                assertEquals(
                        on.stream().anyMatch(word -> fires(word, failure)),
                        decider(on).retries(request(method), failure),
                        () -> method + " " + failure);
            }
        }
    }

    @Property
    void whatRetryingCannotHelpIsFinalWhateverTheWords(@ForAll("words") Set<RetryOn> on) {
        for (ProxyError failure : FINAL) {
            assertFalse(decider(on).retries(request("GET"), failure), failure::toString);
        }
    }

    /** The default policy may be given any words by MeshConfig: what was perhaps processed is not repeated all the same. */
    @Property
    void byDefaultWhatIsNotIdempotentIsTriedAgainOnlyWhereItWasNotProcessed(@ForAll("words") Set<RetryOn> on) {
        RetryDecider byDefault = new RetryDecider(plan(on, true));
        for (ProxyError failure : FAILURES) {
            for (String method : List.of("POST", "PATCH", "CONNECT", "PURGE", "post", "get")) {
                assertTrue(
                        failure.retry() == RetryVerdict.NOT_PROCESSED || !byDefault.retries(request(method), failure),
                        () -> method + " " + failure);
            }
            for (String method : List.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE")) {
                assertEquals(
                        on.stream().anyMatch(word -> fires(word, failure)),
                        byDefault.retries(request(method), failure),
                        () -> method + " " + failure);
            }
        }
    }

    @Test
    void istiosDefaultTriesAgainWhatNeverArrivedAndWhatAServerRefusedItself() {
        RetryDecider byDefault = new RetryDecider(RetryPlan.DEFAULT);
        assertTrue(byDefault.retries(request("POST"), FAILURES.get(0)));
        assertTrue(byDefault.retries(request("POST"), FAILURES.get(2)));
        assertFalse(byDefault.retries(request("GET"), ProxyError.upstream(ErrorCode.UPSTREAM_RESET, "")));
        assertTrue(byDefault.retries(200, new Answer(200, true, "14", false, false).headers(), true));
        assertTrue(byDefault.retries(200, new Answer(200, true, "1", false, false).headers(), true));
        assertFalse(byDefault.retries(200, new Answer(200, false, "14", false, false).headers(), false));
        assertFalse(byDefault.retries(503, H2Headers.create(), true), "no longer part of the default");
    }

    @Test
    void aRequestThatNamesWordsItselfKnowsWhatItMayRepeat() {
        Steering asked = new Steering(
                Steering.UNSET, Steering.UNSET, Steering.UNSET, EnumSet.of(RetryOn.RESET), List.of(), List.of(), false);
        ProxyError lost = ProxyError.upstream(ErrorCode.UPSTREAM_RESET, "");
        RetryDecider route = new RetryDecider(RetryPlan.DEFAULT);
        assertFalse(route.retries(request("POST"), lost));
        assertTrue(route.with(asked).retries(request("POST"), lost));
        assertFalse(route.retries(request("POST"), lost), "the route's own is as it was");
    }

    /** Without any policy: what the upstream provably did not process, and an idempotent request that met a dead connection. */
    @Test
    void replaysAskForProof() {
        for (ProxyError failure : FAILURES) {
            boolean ofAConnection =
                    switch (failure.code()) {
                        case UPSTREAM_CLOSED, UPSTREAM_RESET, UPSTREAM_REFUSED -> true;
                        default -> false;
                    };
            boolean unprocessed = ofAConnection && failure.retry() == RetryVerdict.NOT_PROCESSED;
            boolean reused = ofAConnection && failure.retry() == RetryVerdict.REUSED_CONNECTION;
            assertEquals(unprocessed, RetryDecider.replays(request("POST"), failure), failure::toString);
            assertEquals(unprocessed || reused, RetryDecider.replays(request("GET"), failure), failure::toString);
        }
        FINAL.forEach(failure -> assertFalse(RetryDecider.replays(request("GET"), failure)));
    }
}
