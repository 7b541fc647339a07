package dev.sluice.config.validate.route;

import dev.sluice.config.crd.HostNames;
import dev.sluice.config.crd.HttpMatchRequest;
import dev.sluice.config.crd.HttpRoute;
import dev.sluice.config.crd.HttpRoute.HeaderOperations;
import dev.sluice.config.crd.HttpRoute.Headers;
import dev.sluice.config.crd.HttpRoute.HttpFaultInjection;
import dev.sluice.config.crd.HttpRoute.HttpFaultInjection.Abort;
import dev.sluice.config.crd.HttpRoute.HttpFaultInjection.Delay;
import dev.sluice.config.crd.HttpRoute.HttpRedirect;
import dev.sluice.config.crd.HttpRoute.HttpRetry;
import dev.sluice.config.crd.HttpRoute.HttpRewrite;
import dev.sluice.config.crd.HttpRoute.HttpRouteDestination;
import dev.sluice.config.crd.HttpRoute.RegexRewrite;
import dev.sluice.config.crd.TcpRoute;
import dev.sluice.config.crd.VirtualService;
import dev.sluice.config.crd.tree.MapNode;
import dev.sluice.config.crd.tree.Quote;
import dev.sluice.config.plan.words.FramingHeaders;
import dev.sluice.config.validate.Finding.Severity;
import dev.sluice.config.validate.rule.Codes;
import dev.sluice.config.validate.rule.Place;
import dev.sluice.config.validate.rule.Report;
import dev.sluice.config.validate.rule.ValueRules;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What Istio accepts in a VirtualService although it has no effect, or not the one that its author can have meant. */
final class EffectRules {
    private static final Set<Long> REDIRECTS = Set.of(301L, 302L, 303L, 307L, 308L);
    /** These need an upstream. */
    private static final List<String> FORWARDING =
            List.of("timeout", "retries", "corsPolicy", "mirror", "mirrors", "mirrorPercentage");

    private final Report report;
    private final Set<String> gateways = new HashSet<>();

    private EffectRules(VirtualService service, Report report) {
        this.report = report;
        for (String gateway : service.gateways().isEmpty() ? List.of(HostNames.MESH) : service.gateways()) {
            gateways.add(HostNames.gateway(gateway, report.namespace()));
        }
    }

    static void check(VirtualService service, Report report) {
        EffectRules rules = new EffectRules(service, report);
        boolean delegate = VirtualServiceRules.isDelegate(service);
        for (HttpRoute route : service.http()) {
            rules.tryTimeout(route);
            rules.faults(route.fault());
            rules.answers(route);
            rules.rewrite(route.rewrite());
            rules.mirrors(route);
            rules.destinations(route);
            route.match().forEach(match -> rules.match(match, delegate));
        }
        for (TcpRoute route : service.tcp()) {
            route.match().stream()
                    .filter(match -> match.sourceSubnet() != null)
                    .forEach(match -> rules.nothing(Place.of(match.at()).key("sourceSubnet"), "is not looked at"));
        }
    }

    private void nothing(Place place, String why) {
        report.warning(Codes.NO_EFFECT, place, "has no effect: " + why);
    }

    private void tryTimeout(HttpRoute route) {
        HttpRetry retries = route.retries();
        Duration all = route.timeout();
        Duration each = retries == null ? null : retries.perTryTimeout();
        if (retries != null && each != null && all != null && !all.isZero() && each.compareTo(all) >= 0) {
            report.warning(
                    Codes.TRY_TIMEOUT,
                    Place.of(retries.at(), "perTryTimeout"),
                    "has no effect: " + ValueRules.shown(each) + " is not less than the timeout of all tries together, "
                            + ValueRules.shown(all) + " in line "
                            + route.at().field("timeout").line());
        }
    }

    private void faults(@Nullable HttpFaultInjection fault) {
        Delay delay = fault == null ? null : fault.delay();
        Abort abort = fault == null ? null : fault.abort();
        if (delay != null) {
            if (delay.percentage() == null && delay.percent() == null) {
                noFault(delay.at());
            } else if (delay.fixedDelay() == null && delay.exponentialDelay() == null) {
                report.warning(Codes.NO_FAULT, Place.of(delay.at()), "never happens: it has no fixedDelay");
            }
        }
        if (abort != null && abort.percentage() == null) {
            noFault(abort.at());
        }
    }

    private void noFault(MapNode at) {
        report.warning(Codes.NO_FAULT, Place.of(at), "never happens: without a percentage it is for 0 % of requests");
    }

    private void answers(HttpRoute route) {
        HttpRedirect redirect = route.redirect();
        if (redirect != null || route.directResponse() != null) {
            for (String field : FORWARDING) {
                if (route.at().has(field)) {
                    nothing(
                            Place.of(route.at()).key(field),
                            "the rule " + (redirect != null ? "redirects" : "answers") + " without an upstream");
                }
            }
        }
        Long code = redirect == null ? null : redirect.redirectCode();
        if (redirect != null && code != null && code >= 300 && code <= 399 && !REDIRECTS.contains(code)) {
            report.warning(
                    Codes.DEAD_REDIRECT,
                    Place.of(redirect.at(), "redirectCode"),
                    code + " makes a rule that answers nothing; use 301, 302, 303, 307 or 308");
        }
    }

    /** A path that no request line may hold is not sent: the request is answered 500. */
    private void rewrite(@Nullable HttpRewrite rewrite) {
        String uri = rewrite == null ? null : rewrite.uri();
        if (rewrite != null && uri != null && !uri.isEmpty() && (!uri.startsWith("/") || !isVisible(uri))) {
            String path = encoded(uri.strip());
            unsendable(Place.of(rewrite.at(), "uri"), path.startsWith("/") ? path : "/" + path);
        }
        RegexRewrite regex = rewrite == null ? null : rewrite.uriRegexRewrite();
        String substitution = regex == null ? null : regex.rewrite();
        if (regex != null && substitution != null && !isVisible(substitution)) {
            unsendable(Place.of(regex.at(), "rewrite"), encoded(substitution));
        }
    }

    private void unsendable(Place place, String instead) {
        report.warning(
                Codes.UNSENDABLE_PATH,
                place,
                "requests that it rewrites are answered 500: a path begins with \"/\" and is of visible ASCII; write "
                        + Quote.of(instead));
    }

    private static boolean isVisible(String text) {
        return text.chars().allMatch(c -> c > ' ' && c <= '~');
    }

    /** What is not visible ASCII, as a path may hold it. */
    private static String encoded(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b > ' ' && b <= '~') {
                out.append((char) b);
            } else {
                out.append(String.format("%%%02X", b));
            }
        }
        return out.toString();
    }

    private void mirrors(HttpRoute route) {
        if (route.mirror() == null && route.redirect() == null && route.directResponse() == null) {
            for (String field : List.of("mirrorPercentage", "mirrorPercent")) {
                if (route.at().has(field)) {
                    nothing(
                            Place.of(route.at()).key(field),
                            route.mirrors().isEmpty()
                                    ? "there is no mirror"
                                    : "it is for mirror; each of mirrors has its own percentage");
                }
            }
        }
    }

    private void destinations(HttpRoute route) {
        List<HttpRouteDestination> destinations = route.route();
        if (destinations.size() == 1) {
            Integer weight = destinations.get(0).weight();
            if (weight != null && weight == 0) {
                nothing(
                        Place.of(destinations.get(0).at(), "weight"),
                        "a single destination takes all traffic, whatever its weight");
            }
        }
        headers(route.headers());
        destinations.forEach(destination -> headers(destination.headers()));
    }

    private void headers(@Nullable Headers headers) {
        if (headers != null && headers.request() != null) {
            operations(headers.request());
        }
        if (headers != null && headers.response() != null) {
            operations(headers.response());
        }
    }

    private void operations(HeaderOperations operations) {
        values(operations, "set", operations.set());
        values(operations, "add", operations.add());
        for (int i = 0; i < operations.remove().size(); i++) {
            framing(
                    operations.remove().get(i),
                    Place.of(operations.at(), "remove").item(i));
        }
    }

    private void values(HeaderOperations operations, String field, Map<String, String> headers) {
        headers.forEach((name, value) -> {
            Place place = Place.of(operations.at(), field);
            if (value.isEmpty()) {
                nothing(place.field(name), "an empty value is passed over; use remove to take a header away");
            } else {
                framing(name, place.key(name));
            }
        });
    }

    private void framing(String name, Place place) {
        if (FramingHeaders.contains(name)) {
            nothing(place, "it frames a message or belongs to one connection, so the proxy writes it itself");
        }
    }

    private void match(HttpMatchRequest match, boolean delegate) {
        if (Boolean.TRUE.equals(match.ignoreUriCase())
                && (match.uri() == null || match.uri().regex() != null)) {
            nothing(
                    Place.of(match.at()).key("ignoreUriCase"),
                    match.uri() == null ? "the match has no uri" : "an expression says (?i) for itself");
        }
        for (String field : List.of("sourceLabels", "sourceNamespace")) {
            if (!match.gateways().isEmpty() && match.at().has(field)) {
                nothing(Place.of(match.at()).key(field), "it is not looked at in a match that names gateways");
            }
        }
        for (int i = 0; i < match.gateways().size() && !delegate; i++) {
            String gateway = match.gateways().get(i);
            if (!gateways.contains(HostNames.gateway(gateway, report.namespace()))) {
                report.add(
                        Severity.WARNING,
                        Codes.UNBOUND_GATEWAY,
                        Place.of(match.at(), "gateways").item(i),
                        "never matches there: the VirtualService is not bound to " + Quote.of(gateway)
                                + "; add it to spec.gateways");
            }
        }
    }
}
