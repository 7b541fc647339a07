package dev.sluice.proxy.telemetry.accesslog;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.proxy.exchange.Attempt;
import dev.sluice.proxy.exchange.Destination;
import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.telemetry.Traffic;
import dev.sluice.proxy.telemetry.line.LogLine;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The line that is written out field by field is the one that its format's text asks for. */
class IstioTextTest {
    private static final LogFormat COMPILED = LogFormat.text(LogFormat.DEFAULT_TEXT);
    private static final List<String> NAMES = List.of("x-forwarded-for", "user-agent", "X-Request-Id", "accept");
    private static final List<String> VALUES = List.of(
            "",
            "-",
            "curl/8.5.0",
            "two words",
            "\"quoted\"",
            "back\\slash",
            "\u00e9t\u00e9",
            "tab\tbed",
            "v".repeat(9_000));

    private final LogFormat written = new IstioText(COMPILED);
    private final LogLine line = new LogLine();
    private final LogLine expected = new LogLine();
    private final List<String> lines = new ArrayList<>();
    private final Traffic traffic = new Traffic(this::write);

    private void write(Exchange exchange) {
        line.clear();
        written.write(exchange, line);
        line.end();
        expected.clear();
        COMPILED.write(exchange, expected);
        expected.end();
        assertEquals(expected.toString(), line.toString());
        lines.add(line.toString());
    }

    @Property(tries = 300)
    void writesWhatTheCompiledFormatWrites(@ForAll long seed) {
        Random random = new Random(seed);
        traffic.from(
                random.nextBoolean()
                        ? new InetSocketAddress("2001:db8::7", 51_234)
                        : new InetSocketAddress("10.0.0.9", 1),
                random.nextBoolean() ? "reviews.example.com" : null);
        for (int i = 0; i < 4; i++) {
            int before = lines.size();
            request(random);
            assertEquals(before + 1, lines.size());
        }
    }

    private void request(Random random) {
        List<String> headers = new ArrayList<>();
        for (String name : NAMES) {
            if (random.nextInt(4) > 0) {
                headers.add(name);
                headers.add(VALUES.get(random.nextInt(VALUES.size())));
            }
        }
        RequestHead request = Traffic.get(
                        "/" + VALUES.get(random.nextInt(VALUES.size())), headers.toArray(String[]::new))
                .build();
        Exchange exchange = traffic.start(request);
        if (random.nextBoolean()) {
            request.rewritePath("/new");
        }
        if (random.nextBoolean()) {
            request.rewriteAuthority(random.nextBoolean() ? "" : "other");
        }
        Destination reviews = Traffic.destination(
                "reviews.default.svc.cluster.local", random.nextBoolean() ? "v1" : null, Map.of("app", "reviews"));
        switch (random.nextInt(5)) {
            case 0 -> traffic.answer(exchange, reviews, 200, "x-envoy-upstream-service-time", "12");
            case 1 -> traffic.answer(exchange, reviews, 503);
            case 2 -> exchange.fail(ProxyError.proxy(ErrorCode.NO_ROUTE, "no rule"));
            case 3 -> {
                Attempt attempt = traffic.choose(exchange, reviews);
                attempt.fail(ProxyError.notProcessed(ErrorCode.CONNECT_FAILED, "Connection \"refused\""));
            }
            default -> {
                traffic.attempt(exchange, reviews);
                exchange.onReset(ProxyError.downstream(ErrorCode.CLIENT_GONE, ""));
            }
        }
    }

    @Example
    void aLineThatIsTooLongIsCutInTheSamePlaces() {
        List<String> headers = new ArrayList<>();
        for (String name : NAMES) {
            headers.add(name);
            headers.add("\u0001".repeat(8_000));
        }
        traffic.start(Traffic.get("/" + "\"".repeat(8_000), headers.toArray(String[]::new))
                        .build())
                .fail(ProxyError.proxy(ErrorCode.NO_ROUTE, ""));
        assertEquals(1, lines.size());
    }
}
