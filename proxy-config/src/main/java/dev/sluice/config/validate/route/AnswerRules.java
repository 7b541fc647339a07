package dev.sluice.config.validate.route;

import dev.sluice.config.crd.HttpMatchRequest;
import dev.sluice.config.crd.HttpRoute;
import dev.sluice.config.crd.HttpRoute.HttpBody;
import dev.sluice.config.crd.HttpRoute.HttpDirectResponse;
import dev.sluice.config.crd.HttpRoute.HttpRedirect;
import dev.sluice.config.crd.StringMatch;
import dev.sluice.config.crd.tree.Quote;
import dev.sluice.config.validate.rule.Place;
import dev.sluice.config.validate.rule.Report;
import dev.sluice.config.validate.rule.ValueRules;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Rules that answer without an upstream: redirect and directResponse (spec §11.1). */
final class AnswerRules {
    private static final int MANY_BYTES = 100 * 1024;
    private static final int TOO_MANY_BYTES = 1024 * 1024;

    private AnswerRules() {}

    static void redirect(HttpRoute route, Report report) {
        HttpRedirect redirect = route.redirect();
        if (redirect == null) {
            return;
        }
        boolean uri = isSet(redirect.uri());
        boolean prefix = isSet(redirect.prefixRewrite());
        if (uri && prefix) {
            report.error(Place.of(redirect.at()).key("prefixRewrite"), "uri and prefixRewrite exclude one another");
        }
        if (prefix) {
            prefixMatches(route, redirect, report);
        }
        if (!uri
                && !prefix
                && !isSet(redirect.authority())
                && !isSet(redirect.scheme())
                && !redirect.at().has("port")
                && !redirect.at().has("derivePort")) {
            report.error(
                    Place.of(redirect.at()),
                    "changes nothing: needs one of uri, prefixRewrite, authority, port, derivePort and scheme");
        }
        Long code = redirect.redirectCode();
        if (code != null && code != 0 && (code < 300 || code > 399)) {
            report.error(Place.of(redirect.at(), "redirectCode"), "must be a 3xx status, not " + code);
        }
        String scheme = redirect.scheme();
        if (isSet(scheme) && !"http".equals(scheme) && !"https".equals(scheme)) {
            report.error(
                    Place.of(redirect.at(), "scheme"),
                    "must be \"http\" or \"https\", not " + Quote.of(String.valueOf(scheme)));
        }
        ValueRules.optionalPort(report, Place.of(redirect.at(), "port"), redirect.port());
    }

    private static void prefixMatches(HttpRoute route, HttpRedirect redirect, Report report) {
        for (HttpMatchRequest match : route.match()) {
            StringMatch uri = match.uri();
            if (uri != null && uri.prefix() == null) {
                report.error(
                        Place.of(redirect.at(), "prefixRewrite"),
                        "needs matches by uri.prefix only, unlike the one in line "
                                + uri.at().location().line());
                return;
            }
        }
    }

    static void directResponse(@Nullable HttpDirectResponse response, Report report) {
        if (response == null) {
            return;
        }
        HttpBody body = response.body();
        if (body != null) {
            size(body, report);
        }
        if (response.status() != null) {
            status(Place.of(response.at(), "status"), response.status(), report);
        }
    }

    private static void size(HttpBody body, Report report) {
        String text = body.string();
        String bytes = body.bytes();
        int size = text != null ? text.getBytes(StandardCharsets.UTF_8).length : bytes != null ? decoded(bytes) : 0;
        Place place = Place.of(body.at(), text != null ? "string" : "bytes");
        if (size > TOO_MANY_BYTES) {
            report.error(place, "must have at most 1 MiB, not " + size + " bytes");
        } else if (size > MANY_BYTES) {
            report.warning(place, "has " + size + " bytes, which every configuration carries; keep it below 100 KiB");
        }
    }

    /** How many bytes a text in base64 stands for. */
    private static int decoded(String base64) {
        int padding = base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0;
        return (int) (base64.length() * 3L / 4) - padding;
    }

    /** Istio's own message says 599, its code says 600. */
    static void status(Place place, long status, Report report) {
        if (status < 200 || status > 600) {
            report.error(place, "must be an HTTP status between 200 and 599, not " + status);
        }
    }

    private static boolean isSet(@Nullable String text) {
        return text != null && !text.isEmpty();
    }
}
