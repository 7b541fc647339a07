package dev.sluice.proxy.admin.scrape;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the app is asked on behalf of a scraper, as if the scraper had asked it. */
final class ScrapeRequest {
    private static final String TIMEOUT = "X-Prometheus-Scrape-Timeout-Seconds";
    private static final String TEXT = "text/plain;version=0.0.4";
    /** What cannot be joined to text. */
    private static final String PROTOBUF = "application/vnd.google.protobuf";

    /** Prometheus' own, where the scraper says none. */
    private static final double DEFAULT_SECONDS = 10;

    private static final double MOST_SECONDS = 3_600;
    /** Of the scraper's time: the rest is for the proxy's own metrics to arrive when the app's do not. */
    private static final double SHARE = 0.8;

    private ScrapeRequest() {}

    /** @param scraper the headers of its own request */
    static FullHttpRequest of(AppMetrics app, HttpHeaders scraper) {
        FullHttpRequest request =
                new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, app.path(), Unpooled.EMPTY_BUFFER);
        request.headers()
                .set(HttpHeaderNames.HOST, "localhost:" + app.port())
                .set(HttpHeaderNames.ACCEPT, accepted(scraper.getAll(HttpHeaderNames.ACCEPT)))
                .set(HttpHeaderNames.ACCEPT_ENCODING, HttpHeaderValues.IDENTITY)
                .set(HttpHeaderNames.USER_AGENT, scraper.get(HttpHeaderNames.USER_AGENT, "sluice"))
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        String timeout = scraper.get(TIMEOUT);
        if (timeout != null) {
            request.headers().set(TIMEOUT, timeout);
        }
        return request;
    }

    /** The formats that the scraper takes, without the one that is no text. */
    private static String accepted(List<String> asked) {
        List<String> kept = new ArrayList<>();
        for (String header : asked) {
            for (String range : header.split(",", -1)) {
                String trimmed = range.trim();
                if (!trimmed.isEmpty() && !trimmed.toLowerCase(Locale.ROOT).startsWith(PROTOBUF)) {
                    kept.add(trimmed);
                }
            }
        }
        return kept.isEmpty() ? TEXT : String.join(",", kept);
    }

    /** How long the app may take for all of its answer. */
    static long patienceMillis(HttpHeaders scraper) {
        double seconds = DEFAULT_SECONDS;
        String asked = scraper.get(TIMEOUT);
        if (asked != null) {
            try {
                seconds = Double.parseDouble(asked.trim());
            } catch (NumberFormatException e) {
                // Not a scraper's header: the default is as good.
                seconds = DEFAULT_SECONDS;
            }
        }
        boolean usable = seconds > 0 && seconds <= MOST_SECONDS;
        return (long) ((usable ? seconds : DEFAULT_SECONDS) * SHARE * 1000);
    }
}
