package dev.sluice.config.validate.cross;

import dev.sluice.config.crd.HostNames;
import dev.sluice.config.crd.VirtualService;
import dev.sluice.config.crd.tree.Quote;
import dev.sluice.config.validate.Finding.Severity;
import dev.sluice.config.validate.rule.Codes;
import dev.sluice.config.validate.rule.Place;
import dev.sluice.config.validate.world.Scopes;
import dev.sluice.config.validate.world.World;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Two VirtualServices of the mesh that claim one host where both are seen: the first takes it (IST0109). */
final class MeshHostAnalysis {
    private static final int NAMED = 3;

    private MeshHostAnalysis() {}

    private record Scoped(String scope, String host) {}

    private record Claim(VirtualService rule, int index) {}

    static void run(World world) {
        Map<Scoped, List<Claim>> claims = new HashMap<>();
        for (VirtualService rule : world.set().virtualServices()) {
            if (rule.gateways().isEmpty() || rule.gateways().contains(HostNames.MESH)) {
                String namespace = rule.metadata().namespace();
                Set<String> scopes =
                        Scopes.of(rule.exportTo(), world.set().mesh().defaultVirtualServiceExportTo(), namespace);
                for (int i = 0; i < rule.hosts().size(); i++) {
                    String host = HostNames.expand(rule.hosts().get(i), namespace);
                    for (String scope : scopes) {
                        claims.computeIfAbsent(new Scoped(scope, host), key -> new ArrayList<>(1))
                                .add(new Claim(rule, i));
                    }
                }
            }
        }
        claims.forEach((scoped, list) -> {
            List<Claim> all = new ArrayList<>(list);
            if (!scoped.scope().equals(Scopes.EVERYWHERE)) {
                all.addAll(claims.getOrDefault(new Scoped(Scopes.EVERYWHERE, scoped.host()), List.of()));
            }
            if (all.stream()
                    .anyMatch(claim -> !World.same(claim.rule(), all.get(0).rule()))) {
                conflict(scoped, all, world);
            }
        });
    }

    /** Told at every claim; names of the same scope come first, as private ones go before public ones. */
    private static void conflict(Scoped scoped, List<Claim> claims, World world) {
        String names = names(claims);
        String where = scoped.scope().equals(Scopes.EVERYWHERE) ? "" : " in namespace " + Quote.of(scoped.scope());
        for (Claim claim : claims) {
            if (world.once(claim.rule(), claim.index())) {
                world.report(claim.rule())
                        .add(
                                Severity.ERROR,
                                Codes.MESH_HOST_CONFLICT,
                                Place.of(claim.rule().at(), "hosts").item(claim.index()),
                                Quote.of(scoped.host()) + " is claimed by several VirtualServices of the mesh, " + names
                                        + "; " + claims.get(0).rule().metadata().id() + " takes it" + where);
            }
        }
    }

    private static String names(List<Claim> claims) {
        List<String> ids = claims.stream()
                .map(claim -> claim.rule().metadata().id())
                .distinct()
                .toList();
        int more = ids.size() - NAMED;
        return String.join(", ", ids.subList(0, Math.min(NAMED, ids.size())))
                + (more > 0 ? " and " + more + " more" : "");
    }
}
