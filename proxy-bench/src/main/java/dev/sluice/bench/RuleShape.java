package dev.sluice.bench;

import dev.sluice.config.plan.MatchPlan;
import dev.sluice.config.plan.MatchPlan.ConditionPlan;
import dev.sluice.config.plan.SourceRef;
import dev.sluice.config.plan.policy.StringMatchPlan;
import dev.sluice.proxy.stream.HttpVersion;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.headers.H1Headers;
import io.netty.util.AsciiString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What tells the rules of a virtual host apart, and the request that only rule i takes. */
public enum RuleShape {
    /** Each rule has a path prefix of its own. */
    PREFIXES,
    /** All rules have the same prefix and ask another value of one header. */
    PREFIX_AND_HEADER,
    /** No paths; each rule asks another value of one header. */
    HEADER_VALUES,
    /** No paths; each rule asks for another header. */
    HEADER_NAMES;

    MatchPlan rule(int number) {
        return switch (this) {
            case PREFIXES -> match("/svc-" + number + "/", null, "");
            case PREFIX_AND_HEADER -> match("/api/", "tenant", "t-" + number);
            case HEADER_VALUES -> match(null, "tenant", "t-" + number);
            case HEADER_NAMES -> match(null, "tenant-" + number, "yes");
        };
    }

    private static MatchPlan match(@Nullable String prefix, @Nullable String header, String value) {
        return new MatchPlan(
                prefix == null ? null : condition("uri", new StringMatchPlan.Prefix(prefix)),
                false,
                null,
                null,
                null,
                header == null ? List.of() : List.of(condition(header, new StringMatchPlan.Exact(value))),
                List.of(),
                List.of());
    }

    private static ConditionPlan condition(String key, StringMatchPlan value) {
        return new ConditionPlan(key, key, value, SourceRef.NONE);
    }

    /** A request like those of a browser, with ten headers. */
    RequestHead request(int number) {
        H1Headers headers = H1Headers.create();
        headers.add(
                AsciiString.of("User-Agent"), "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0");
        headers.add(AsciiString.of("Accept"), "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");
        headers.add(AsciiString.of("Accept-Language"), "en-US,en;q=0.5");
        headers.add(AsciiString.of("Accept-Encoding"), "gzip, deflate, br, zstd");
        headers.add(AsciiString.of("Cookie"), "session=2d1f0a6a9d5c4be2b8b1f0c2a5d7e9f1; theme=dark");
        headers.add(AsciiString.of("X-Request-Id"), "5b0c4f0a-95cf-9c3a-8d0a-2f6a4f1a7e11");
        headers.add(AsciiString.of("X-Forwarded-Proto"), "http");
        headers.add(AsciiString.of("X-Forwarded-For"), "203.0.113.9");
        headers.add(AsciiString.of("Referer"), "http://bench.test/");
        if (this == HEADER_NAMES) {
            headers.add(AsciiString.of("tenant-" + number), "yes");
        } else {
            headers.add(AsciiString.of("tenant"), "t-" + number);
        }
        String path = this == PREFIXES ? "/svc-" + number + "/items/1?page=2" : "/api/items/1?page=2";
        return RequestHead.builder(HttpVersion.HTTP_1_1, "GET", path, headers)
                .authority("bench.test:8080")
                .build();
    }
}
