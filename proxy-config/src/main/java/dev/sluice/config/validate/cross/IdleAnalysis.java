package dev.sluice.config.validate.cross;

import dev.sluice.config.crd.mesh.DrainMetadata;
import dev.sluice.config.crd.mesh.IdleMetadata;
import dev.sluice.config.crd.mesh.ProxyConfig;
import dev.sluice.config.crd.mesh.RuntimeCaps;
import dev.sluice.config.crd.schema.GoDuration;
import dev.sluice.config.crd.tree.Location;
import dev.sluice.config.crd.tree.Quote;
import dev.sluice.config.validate.Finding;
import dev.sluice.config.validate.Finding.Severity;
import dev.sluice.config.validate.Finding.Subject;
import dev.sluice.config.validate.rule.Codes;
import dev.sluice.config.validate.rule.Place;
import dev.sluice.config.validate.world.World;

/**
 * Idle times and the least of a drain in {@code defaultConfig.proxyMetadata}, and caps in {@code defaultConfig.runtimeValues} that are none: they are
 * passed over, as in Istio (SLC0109).
 */
final class IdleAnalysis {
    private static final String METADATA = "proxyMetadata";

    private IdleAnalysis() {}

    static void run(World world) {
        ProxyConfig config = world.set().mesh().defaultConfig();
        if (config != null) {
            check(world, config, IdleMetadata.CONNECTION);
            check(world, config, IdleMetadata.STREAM);
            check(world, config, DrainMetadata.LEAST);
            config.runtimeValues().forEach((key, value) -> {
                if (RuntimeCaps.isOne(key) && RuntimeCaps.number(value) == null) {
                    tell(world, config, "runtimeValues", key, Quote.of(value) + " is passed over: must be a number");
                }
            });
        }
    }

    private static void check(World world, ProxyConfig config, String name) {
        String value = config.proxyMetadata().get(name);
        if (value == null || GoDuration.notNegative(value) != null) {
            return;
        }
        tell(
                world,
                config,
                METADATA,
                name,
                Quote.of(value) + " is passed over: must be a duration such as \"5m\", or \"0s\" for none");
    }

    private static void tell(World world, ProxyConfig config, String map, String name, String problem) {
        Location at = Place.of(config.at(), map).field(name).location();
        world.tell(new Finding(
                at,
                Severity.WARNING,
                Codes.BAD_ANNOTATION,
                Subject.MESH,
                "defaultConfig." + map + "." + name,
                problem));
    }
}
