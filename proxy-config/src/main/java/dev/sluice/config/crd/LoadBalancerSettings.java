package dev.sluice.config.crd;

import dev.sluice.config.crd.schema.OneOf;
import dev.sluice.config.crd.schema.Range;
import dev.sluice.config.crd.schema.Required;
import dev.sluice.config.crd.tree.MapNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How an endpoint is chosen (spec §2.3, §2.4). */
@OneOf({"simple", "consistentHash"})
public record LoadBalancerSettings(
        MapNode at,
        @Nullable SimpleLb simple,
        @Nullable ConsistentHash consistentHash,
        @Nullable LocalityLbSetting localityLbSetting,
        @Nullable ZoneAwareLbSetting zoneAwareLbSetting,
        @Nullable Duration warmupDurationSecs,
        @Nullable Warmup warmup) {

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
    @OneOf({"httpHeaderName", "httpCookie", "useSourceIp", "httpQueryParameterName"})
    @OneOf({"ringHash", "maglev"})
    public record ConsistentHash(
            MapNode at,
            @Nullable String httpHeaderName,
            @Nullable HttpCookie httpCookie,
            @Nullable Boolean useSourceIp,
            @Nullable String httpQueryParameterName,
            @Nullable RingHash ringHash,
            @Nullable Maglev maglev,
            @Range(min = 0) @Nullable Long minimumRingSize) {}

    /** Hashes by a cookie; with a {@code ttl} one is made where the request has none. */
    public record HttpCookie(
            MapNode at,
            @Required @Nullable String name,
            @Nullable String path,
            @Nullable Duration ttl,
            List<CookieAttribute> attributes) {}

    /** An attribute of the cookie that is made, such as {@code SameSite: Lax}. */
    public record CookieAttribute(MapNode at, @Nullable String name, @Nullable String value) {}

    /** Ketama-like ring. */
    public record RingHash(MapNode at, @Range(min = 0) @Nullable Long minimumRingSize) {}

    /** Google's table. */
    public record Maglev(MapNode at, @Range(min = 0) @Nullable Long tableSize) {}

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
            @Range(min = 1) @Nullable Long minClusterSize) {}

    /** Slow start of new endpoints. */
    public record Warmup(
            MapNode at,
            @Nullable Duration duration,
            @Range(min = 0, max = 100) @Nullable Double minimumPercent,
            @Range(min = 0) @Nullable Double aggression) {}
}
