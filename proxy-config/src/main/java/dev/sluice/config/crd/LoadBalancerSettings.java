package dev.sluice.config.crd;

import dev.sluice.config.crd.schema.Rules;
import dev.sluice.config.crd.tree.MapNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How an endpoint is chosen (spec §2.3, §2.4). */
public record LoadBalancerSettings(
        MapNode at,
        @Nullable SimpleLb simple,
        @Nullable ConsistentHash consistentHash,
        @Nullable LocalityLbSetting localityLbSetting,
        @Nullable ZoneAwareLbSetting zoneAwareLbSetting,
        @Nullable Duration warmupDurationSecs,
        @Nullable Warmup warmup) {
    static Rules rules() {
        return new Rules().oneOf("simple", "consistentHash");
    }

    /** Algorithms without a key. */
    public enum SimpleLb {
        UNSPECIFIED,
        LEAST_CONN,
        RANDOM,
        PASSTHROUGH,
        ROUND_ROBIN,
        LEAST_REQUEST
    }

    /** The same key goes to the same endpoint. */
    public record ConsistentHash(
            MapNode at,
            @Nullable String httpHeaderName,
            @Nullable HttpCookie httpCookie,
            @Nullable Boolean useSourceIp,
            @Nullable String httpQueryParameterName,
            @Nullable RingHash ringHash,
            @Nullable Maglev maglev,
            @Nullable Long minimumRingSize) {
        static Rules rules() {
            return new Rules()
                    .oneOf("httpHeaderName", "httpCookie", "useSourceIp", "httpQueryParameterName")
                    .oneOf("ringHash", "maglev")
                    .atLeast("minimumRingSize", 0);
        }
    }

    /** Hashes by a cookie; with a {@code ttl} one is made where the request has none. */
    public record HttpCookie(
            MapNode at,
            @Nullable String name,
            @Nullable String path,
            @Nullable Duration ttl,
            List<CookieAttribute> attributes) {
        static Rules rules() {
            return new Rules().required("name");
        }
    }

    /** An attribute of the cookie that is made, such as {@code SameSite: Lax}. */
    public record CookieAttribute(MapNode at, @Nullable String name, @Nullable String value) {}

    /** Ketama-like ring. */
    public record RingHash(MapNode at, @Nullable Long minimumRingSize) {
        static Rules rules() {
            return new Rules().atLeast("minimumRingSize", 0);
        }
    }

    /** Google's table. */
    public record Maglev(MapNode at, @Nullable Long tableSize) {
        static Rules rules() {
            return new Rules().atLeast("tableSize", 0);
        }
    }

    /** Traffic by region, zone and subzone, as written. */
    public record LocalityLbSetting(
            MapNode at,
            List<Distribute> distribute,
            List<Failover> failover,
            List<String> failoverPriority,
            @Nullable Boolean enabled) {}

    /** Shares of the traffic that comes from one locality. */
    public record Distribute(MapNode at, @Nullable String from, Map<String, Long> to) {}

    /** Where a region's traffic goes when it is down. */
    public record Failover(MapNode at, @Nullable String from, @Nullable String to) {}

    /** Traffic by zone, in proportion to hosts. */
    public record ZoneAwareLbSetting(
            MapNode at,
            @Nullable Boolean enabled,
            List<Failover> failover,
            List<String> failoverPriority,
            @Nullable Long minClusterSize) {
        static Rules rules() {
            return new Rules().range("minClusterSize", 1, 4294967295L);
        }
    }

    /** Slow start of new endpoints. */
    public record Warmup(
            MapNode at, @Nullable Duration duration, @Nullable Double minimumPercent, @Nullable Double aggression) {
        static Rules rules() {
            return new Rules().range("minimumPercent", 0, 100).atLeast("aggression", 0);
        }
    }
}
