package dev.sluice.config.validate.route;

import dev.sluice.config.crd.HttpRoute;
import dev.sluice.config.crd.HttpRoute.HeaderOperations;
import dev.sluice.config.crd.HttpRoute.Headers;
import dev.sluice.config.crd.HttpRoute.HttpRewrite;
import dev.sluice.config.crd.tree.Quote;
import dev.sluice.config.validate.rule.Place;
import dev.sluice.config.validate.rule.Report;
import dev.sluice.config.validate.text.HeaderText;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Header operations (spec §11.1). Names are held to be tokens and values to be free of control characters, for what
 * stands here is written into requests as it is.
 */
final class HeaderRules {
    private HeaderRules() {}

    static void check(@Nullable Headers headers, Report report) {
        if (headers == null) {
            return;
        }
        if (headers.request() != null) {
            operations(headers.request(), true, report);
        }
        if (headers.response() != null) {
            operations(headers.response(), false, report);
        }
    }

    private static void operations(HeaderOperations operations, boolean request, Report report) {
        values(operations, "set", operations.set(), request, report);
        values(operations, "add", operations.add(), request, report);
        for (int i = 0; i < operations.remove().size(); i++) {
            name(operations.remove().get(i), Place.of(operations.at(), "remove").item(i), false, report);
        }
    }

    private static void values(
            HeaderOperations operations, String field, Map<String, String> headers, boolean request, Report report) {
        headers.forEach((name, value) -> {
            Place map = Place.of(operations.at(), field);
            name(name, map.key(name), request, report);
            String problem = HeaderText.valueProblem(value);
            if (problem == null && request && HeaderText.isAuthority(name)) {
                problem = HeaderText.authorityProblem(value);
            }
            if (problem != null) {
                report.error(map.field(name), problem);
            }
        });
    }

    /** @param authority whether the authority may be named, to rewrite it */
    private static void name(String name, Place place, boolean authority, Report report) {
        if (name.isEmpty()) {
            report.error(place, "a header's name must not be empty");
        } else if (HeaderText.isAuthority(name) && authority) {
            return;
        } else if (name.equalsIgnoreCase("host")) {
            report.error(place, "host can only be set or added, and only on requests");
        } else if (HeaderText.isInternal(name)) {
            report.error(place, Quote.of(name) + " is a pseudo header, which cannot be changed here");
        } else if (!HeaderText.isToken(name)) {
            report.error(place, Quote.of(name) + " is no name of a header");
        }
    }

    /** The authority may be rewritten in one place only. */
    static void authority(HttpRoute route, Report report) {
        HttpRewrite rewrite = route.rewrite();
        Place first = rewrite == null
                        || rewrite.authority() == null
                        || rewrite.authority().isEmpty()
                ? null
                : Place.of(rewrite.at(), "authority");
        Headers headers = route.headers();
        HeaderOperations request = headers == null ? null : headers.request();
        if (request != null) {
            first = authority(request, "set", request.set(), first, report);
            authority(request, "add", request.add(), first, report);
        }
    }

    private static @Nullable Place authority(
            HeaderOperations operations,
            String field,
            Map<String, String> headers,
            @Nullable Place first,
            Report report) {
        Place known = first;
        for (Map.Entry<String, String> entry : headers.entrySet()) {
            if (HeaderText.isAuthority(entry.getKey()) && !entry.getValue().isEmpty()) {
                Place here = Place.of(operations.at(), field).key(entry.getKey());
                if (known == null) {
                    known = here;
                } else {
                    report.error(
                            here,
                            "the authority is already rewritten in line "
                                    + known.location().line());
                }
            }
        }
        return known;
    }
}
