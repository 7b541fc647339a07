package dev.sluice.config.validate.world;

import dev.sluice.config.crd.kube.KubeNodes;
import dev.sluice.config.crd.read.CrdSet;
import dev.sluice.config.crd.schema.CrdObject;
import dev.sluice.config.validate.Finding;
import dev.sluice.config.validate.Identity;
import dev.sluice.config.validate.rule.Report;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.function.Consumer;

/** What the analyses of one set share: its indexes, and where findings go. Used by one thread. */
public final class World {
    private final CrdSet set;
    private final Identity identity;
    private final Consumer<Finding> out;
    private final ServiceIndex services;
    private final RuleIndex rules;
    private final Workloads workloads;
    private final Endpoints endpoints;
    private final Hints hints = new Hints();
    private final NearHosts hosts;
    private final IdentityHashMap<Object, BitSet> told = new IdentityHashMap<>();
    private final IdentityHashMap<CrdObject, Report> reports = new IdentityHashMap<>();

    /**
     * @param identity whom the configuration is for
     * @param out takes the findings
     */
    public World(CrdSet set, Identity identity, Consumer<Finding> out) {
        this.set = set;
        this.identity = identity;
        this.out = out;
        this.services = new ServiceIndex(set);
        this.hosts = new NearHosts(services.hosts(), hints);
        this.rules = new RuleIndex(set);
        KubeNodes nodes = new KubeNodes(set.nodes());
        this.workloads = new Workloads(set, nodes);
        this.endpoints = new Endpoints(set, workloads, nodes);
    }

    /** All documents, as they were read. */
    public CrdSet set() {
        return set;
    }

    /** Whom the configuration is for. */
    public Identity identity() {
        return identity;
    }

    /** Every service that the documents declare, by host. */
    public ServiceIndex services() {
        return services;
    }

    /** DestinationRules by namespace and host. */
    public RuleIndex rules() {
        return rules;
    }

    /** Pods, also those that are yet to be made, and WorkloadEntries. */
    public Workloads workloads() {
        return workloads;
    }

    /** Who stands behind a service. */
    public Endpoints endpoints() {
        return endpoints;
    }

    /** Names that are like one that was not found; they have a budget. */
    public Hints hints() {
        return hints;
    }

    /** Hosts that somebody may have meant who wrote one that is not there. */
    public NearHosts hosts() {
        return hosts;
    }

    /** Whether an item of a part is told for the first time: of many conflicts of one host, one says enough. */
    public boolean once(Object part, int index) {
        BitSet items = told.computeIfAbsent(part, key -> new BitSet());
        boolean first = !items.get(index);
        items.set(index);
        return first;
    }

    /** Whether two objects of a kind are one: of a kind, no two share namespace and name. */
    public static boolean same(CrdObject one, CrdObject other) {
        return one.metadata().name().equals(other.metadata().name())
                && one.metadata().namespace().equals(other.metadata().namespace());
    }

    /** Takes a finding that is about no object. */
    public void tell(Finding finding) {
        out.accept(finding);
    }

    /** Takes findings about {@code object}. */
    public Report report(CrdObject object) {
        return reports.computeIfAbsent(object, key -> new Report(key, out));
    }
}
