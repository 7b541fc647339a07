package dev.sluice.config.translate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.crd.DestinationRule;
import dev.sluice.config.crd.Gateway;
import dev.sluice.config.crd.HttpRoute;
import dev.sluice.config.crd.ServiceEntry;
import dev.sluice.config.crd.VirtualService;
import dev.sluice.config.crd.read.CrdSet;
import dev.sluice.config.crd.schema.CrdObject;
import dev.sluice.config.crd.schema.Metadata;
import dev.sluice.config.plan.ListenerPlan;
import dev.sluice.config.plan.ListenerPlan.BindAddress;
import dev.sluice.config.plan.ProxyPlan;
import dev.sluice.config.translate.scope.ProxyIdentity;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Ten times the objects are ten times the work, counted as looks into their lists, on a gateway and on the mesh side. */
class ScaleTest {
    private static final CrdSet TEMPLATE = Configs.of(
            """
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: edge}
            spec:
              servers:
              - {port: {number: 8080, name: http, protocol: HTTP}, hosts: ["*"]}
              - {port: {number: 8080, name: more, protocol: HTTP}, hosts: ["*.s.test", "*.t.test"]}
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: v}
            spec:
              hosts: [v.test]
              gateways: [edge, mesh]
              http:
              - match: [{uri: {prefix: /a}, headers: {x: {exact: "1"}}}, {uri: {prefix: /b}}]
                route: [{destination: {host: v.test, subset: v1}}]
              - route: [{destination: {host: v.test}}]
            ---
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: s}
            spec:
              hosts: [s.test]
              resolution: STATIC
              ports: [{number: 80, name: http, protocol: HTTP}]
              endpoints: [{address: 10.0.0.1, labels: {version: v1}}]
            ---
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: d}
            spec: {host: s.test, subsets: [{name: v1, labels: {version: v1}}]}
            """);
    private static final ProxyIdentity PROXY =
            ProxyIdentity.of("default").withOutbound(new BindAddress("127.0.0.1", 3128));

    private final AtomicLong looks = new AtomicLong();

    @Test
    void workGrowsWithTheConfigurationAndNotWithItsSquare() {
        long thousand = work(1_000);
        long tenThousand = work(10_000);
        assertTrue(thousand > 1_000, "nothing was counted");
        assertTrue(
                tenThousand < 11 * thousand,
                () -> "1,000 VirtualServices take " + thousand + " looks, 10,000 take " + tenThousand);
    }

    private long work(int count) {
        CrdSet set = set(count);
        looks.set(0);
        ProxyPlan plan = PlanCompiler.compile(set, PROXY).plan();
        assertEquals(2, plan.listeners().size());
        for (ListenerPlan listener : plan.listeners()) {
            assertTrue(listener.traffic().tables().get(0).hosts().size() >= count, listener.name());
        }
        assertEquals(2 * count, plan.clusters().size());
        return looks.get();
    }

    /** Every tenth VirtualService has a wildcard over the services of its group, the others a host of their own. */
    private CrdSet set(int count) {
        VirtualService virtual = TEMPLATE.virtualServices().get(0);
        ServiceEntry entry = TEMPLATE.serviceEntries().get(0);
        DestinationRule rule = TEMPLATE.destinationRules().get(0);
        List<CrdObject> objects = new ArrayList<>();
        for (Gateway gateway : TEMPLATE.gateways()) {
            objects.add(gateway);
        }
        for (int i = 0; i < count; i++) {
            String group = (i / 10) + ".s.test";
            String host = "h" + i + "." + group;
            objects.add(new VirtualService(
                    virtual.at(),
                    named(virtual.metadata(), "v" + i),
                    counted(List.of(i % 10 == 0 ? "*." + group : host)),
                    counted(virtual.gateways()),
                    new Counted<HttpRoute>(virtual.http()),
                    virtual.tls(),
                    virtual.tcp(),
                    counted(virtual.exportTo())));
            objects.add(new ServiceEntry(
                    entry.at(),
                    named(entry.metadata(), "s" + i),
                    counted(List.of(host)),
                    entry.addresses(),
                    new Counted<>(entry.ports()),
                    entry.location(),
                    entry.resolution(),
                    new Counted<>(entry.endpoints()),
                    entry.workloadSelector(),
                    counted(entry.exportTo()),
                    entry.subjectAltNames()));
            objects.add(new DestinationRule(
                    rule.at(),
                    named(rule.metadata(), "d" + i),
                    host,
                    rule.trafficPolicy(),
                    new Counted<>(rule.subsets()),
                    counted(rule.exportTo()),
                    rule.workloadSelector()));
        }
        return CrdSet.of(objects, TEMPLATE.mesh());
    }

    private static Metadata named(Metadata of, String name) {
        return new Metadata(of.at(), name, of.namespace(), Map.of(), Map.of());
    }

    private List<String> counted(List<String> list) {
        return new Counted<>(list);
    }

    /** A list that counts how often it is looked into. */
    private final class Counted<T> extends AbstractList<T> {
        private final List<T> list;

        Counted(List<T> list) {
            this.list = list;
        }

        @Override
        public T get(int index) {
            looks.incrementAndGet();
            return list.get(index);
        }

        @Override
        public int size() {
            looks.incrementAndGet();
            return list.size();
        }
    }
}
