package dev.sluice.config.validate.cross;

import dev.sluice.config.crd.Labels;
import dev.sluice.config.crd.Sidecar;
import dev.sluice.config.crd.tree.Quote;
import dev.sluice.config.validate.Finding.Severity;
import dev.sluice.config.validate.rule.Codes;
import dev.sluice.config.validate.rule.Place;
import dev.sluice.config.validate.world.SelectorIndex;
import dev.sluice.config.validate.world.Workloads;
import dev.sluice.config.validate.world.Workloads.Workload;
import dev.sluice.config.validate.world.World;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Sidecars: a workload has one at most (IST0110), a namespace one without a selector (IST0111), and a selector must take
 * a workload (IST0101).
 */
final class SidecarAnalysis {
    private final World world;
    private final Map<String, List<Sidecar>> defaults = new HashMap<>();
    private final Map<String, SelectorIndex<Sidecar>> selecting = new HashMap<>();

    private SidecarAnalysis(World world) {
        this.world = world;
    }

    static void run(World world) {
        SidecarAnalysis analysis = new SidecarAnalysis(world);
        world.set().sidecars().forEach(analysis::add);
        analysis.defaults.values().forEach(analysis::several);
        analysis.selecting.forEach(analysis::conflicts);
    }

    private void add(Sidecar sidecar) {
        String namespace = sidecar.metadata().namespace();
        Map<String, String> selector = selector(sidecar);
        if (selector.isEmpty()) {
            defaults.computeIfAbsent(namespace, key -> new ArrayList<>(1)).add(sidecar);
            return;
        }
        selecting.computeIfAbsent(namespace, key -> new SelectorIndex<>()).add(selector, sidecar);
        boolean own = namespace.equals(world.identity().namespace())
                && Labels.carry(world.identity().labels(), selector);
        if (!own
                && world.workloads().pods(namespace, selector).isEmpty()
                && world.workloads().entries(namespace, selector).isEmpty()) {
            world.report(sidecar)
                    .add(
                            Severity.ERROR,
                            Codes.NOT_FOUND,
                            Place.of(sidecar.at(), "workloadSelector"),
                            "no workload of namespace " + namespace + " has the labels "
                                    + Quote.escaped(selector.toString()));
        }
    }

    private static Map<String, String> selector(Sidecar sidecar) {
        return sidecar.workloadSelector() == null
                ? Map.of()
                : sidecar.workloadSelector().labels();
    }

    private void several(List<Sidecar> sidecars) {
        for (Sidecar sidecar : sidecars.size() > 1 ? sidecars : List.<Sidecar>of()) {
            Sidecar other = World.same(sidecars.get(0), sidecar) ? sidecars.get(1) : sidecars.get(0);
            world.report(sidecar)
                    .add(
                            Severity.ERROR,
                            Codes.SEVERAL_DEFAULT_SIDECARS,
                            Place.of(sidecar.at()),
                            "Sidecar " + other.metadata().id()
                                    + " has no workloadSelector either; a namespace has one such");
        }
    }

    private void conflicts(String namespace, SelectorIndex<Sidecar> index) {
        Set<Map<String, String>> seen = new HashSet<>();
        Workloads workloads = world.workloads();
        for (List<Workload> kind : List.of(workloads.podsIn(namespace), workloads.entriesIn(namespace))) {
            for (Workload workload : kind) {
                if (seen.add(workload.labels())) {
                    conflicts(workload.what(), workload.labels(), index);
                }
            }
        }
        if (namespace.equals(world.identity().namespace())) {
            conflicts("this workload", world.identity().labels(), index);
        }
    }

    private void conflicts(String workload, Map<String, String> labels, SelectorIndex<Sidecar> index) {
        List<Sidecar> found = new ArrayList<>();
        index.forEach(labels, found::add);
        for (Sidecar sidecar : found.size() > 1 ? found : List.<Sidecar>of()) {
            Sidecar other = World.same(found.get(0), sidecar) ? found.get(1) : found.get(0);
            if (world.once(sidecar, 0)) {
                world.report(sidecar)
                        .add(
                                Severity.ERROR,
                                Codes.SIDECAR_SELECTOR_CONFLICT,
                                Place.of(sidecar.at(), "workloadSelector"),
                                workload + " is also selected by Sidecar "
                                        + other.metadata().id());
            }
        }
    }
}
