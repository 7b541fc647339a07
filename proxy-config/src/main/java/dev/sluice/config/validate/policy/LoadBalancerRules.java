package dev.sluice.config.validate.policy;

import dev.sluice.config.crd.LoadBalancerSettings;
import dev.sluice.config.crd.LoadBalancerSettings.ConsistentHash;
import dev.sluice.config.crd.LoadBalancerSettings.CookieAttribute;
import dev.sluice.config.crd.LoadBalancerSettings.HttpCookie;
import dev.sluice.config.crd.LoadBalancerSettings.Maglev;
import dev.sluice.config.crd.LoadBalancerSettings.SimpleLb;
import dev.sluice.config.crd.LoadBalancerSettings.Warmup;
import dev.sluice.config.crd.tree.MapNode;
import dev.sluice.config.crd.tree.Quote;
import dev.sluice.config.validate.rule.Codes;
import dev.sluice.config.validate.rule.Place;
import dev.sluice.config.validate.rule.Report;
import dev.sluice.config.validate.rule.ValueRules;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** loadBalancer (spec §11.2). */
final class LoadBalancerRules {
    /** Envoy's bound on a Maglev table. */
    private static final long TABLE_LIMIT = 5_000_011;

    private LoadBalancerRules() {}

    /** @param outlier whether outlierDetection stands beside it, without which nothing fails over */
    static void check(@Nullable LoadBalancerSettings balancer, boolean outlier, Report report) {
        if (balancer == null) {
            return;
        }
        if (balancer.consistentHash() != null) {
            hash(balancer.consistentHash(), report);
        }
        if (balancer.localityLbSetting() != null && balancer.zoneAwareLbSetting() != null) {
            report.error(
                    Place.of(balancer.at()).key("zoneAwareLbSetting"),
                    "localityLbSetting and zoneAwareLbSetting exclude one another");
        }
        LocalityRules.locality(balancer.localityLbSetting(), outlier, report);
        LocalityRules.zoneAware(balancer.zoneAwareLbSetting(), outlier, report);
        if (balancer.warmup() != null) {
            warmup(balancer.warmup(), report);
        }
        if (balancer.warmupDurationSecs() != null) {
            report.deprecated(Place.of(balancer.at()).key("warmupDurationSecs"), "is deprecated; use warmup.duration");
            ValueRules.duration(report, balancer.at(), "warmupDurationSecs", balancer.warmupDurationSecs());
        }
        if (balancer.simple() == SimpleLb.LEAST_CONN) {
            report.deprecated(Place.of(balancer.at(), "simple"), "LEAST_CONN is deprecated; use LEAST_REQUEST");
        }
        for (String field : new String[] {"warmup", "warmupDurationSecs"}) {
            if (balancer.at().has(field) && !warmsUp(balancer)) {
                report.warning(
                        Codes.NO_EFFECT,
                        Place.of(balancer.at()).key(field),
                        "has no effect: only ROUND_ROBIN and LEAST_REQUEST warm up");
            }
        }
    }

    private static boolean warmsUp(LoadBalancerSettings balancer) {
        return balancer.consistentHash() == null
                && balancer.simple() != SimpleLb.RANDOM
                && balancer.simple() != SimpleLb.PASSTHROUGH;
    }

    private static void hash(ConsistentHash hash, Report report) {
        HttpCookie cookie = hash.httpCookie();
        if (cookie != null) {
            cookie(cookie, report);
        }
        Long ring = hash.minimumRingSize();
        if (ring != null && ring != 0) {
            report.deprecated(
                    Place.of(hash.at()).key("minimumRingSize"), "is deprecated; use ringHash.minimumRingSize");
            if (hash.ringHash() != null || hash.maglev() != null) {
                report.error(
                        Place.of(hash.at()).key("minimumRingSize"),
                        "excludes ringHash and maglev; use ringHash.minimumRingSize");
            }
        }
        if (hash.maglev() != null) {
            maglev(hash.maglev(), report);
        }
        boolean key = isSet(hash.httpHeaderName())
                || cookie != null
                || Boolean.TRUE.equals(hash.useSourceIp())
                || isSet(hash.httpQueryParameterName());
        if (!key) {
            report.warning(
                    Codes.NO_HASH_KEY,
                    Place.of(hash.at()),
                    "has no effect: without one of httpHeaderName, httpCookie, useSourceIp: true and"
                            + " httpQueryParameterName there is nothing to hash");
        }
    }

    private static void cookie(HttpCookie cookie, Report report) {
        if (cookie.name() != null && cookie.name().isEmpty()) {
            report.error(Place.of(cookie.at(), "name"), "must not be empty");
        }
        Set<String> names = new HashSet<>();
        for (CookieAttribute attribute : cookie.attributes()) {
            String name = attribute.name();
            if (name == null || name.isEmpty()) {
                report.error(Place.of(attribute.at(), "name"), "an attribute needs a name");
            } else if (!names.add(name.toLowerCase(Locale.ROOT))) {
                report.error(Place.of(attribute.at(), "name"), "there is already an attribute " + Quote.of(name));
            }
        }
        for (String field : new String[] {"path", "attributes"}) {
            if (cookie.ttl() == null && !cookie.at().has("ttl") && !ValueRules.none(cookie.at(), field)) {
                report.warning(
                        Codes.NO_EFFECT,
                        Place.of(cookie.at()).key(field),
                        "has no effect: no cookie is made without a ttl (0s: for the session)");
            }
        }
    }

    private static void maglev(Maglev maglev, Report report) {
        long size = maglev.tableSize() == null ? 0 : maglev.tableSize();
        Place place = Place.of(maglev.at(), "tableSize");
        if (size == 0) {
            report.error(place, "must be set, such as 65537");
        } else if (size >= TABLE_LIMIT) {
            report.error(place, "must be less than " + TABLE_LIMIT + ", not " + size);
        } else if (!isPrime(size)) {
            report.error(place, "must be a prime number such as 65537, which " + size + " is not");
        }
    }

    private static boolean isPrime(long number) {
        for (long factor = 2; factor * factor <= number; factor++) {
            if (number % factor == 0) {
                return false;
            }
        }
        return number > 0;
    }

    private static void warmup(Warmup warmup, Report report) {
        MapNode at = warmup.at();
        if (!at.has("duration")) {
            report.error(Place.of(at), "needs a duration");
        }
        ValueRules.duration(report, at, "duration", warmup.duration());
        if (warmup.aggression() != null && warmup.aggression() <= 0) {
            report.error(Place.of(at, "aggression"), "must be above 0, not " + ValueRules.number(warmup.aggression()));
        }
    }

    private static boolean isSet(@Nullable String text) {
        return text != null && !text.isEmpty();
    }
}
