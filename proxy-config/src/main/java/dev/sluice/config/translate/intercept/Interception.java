package dev.sluice.config.translate.intercept;

import dev.sluice.config.crd.ServiceEntry;
import dev.sluice.config.crd.ServiceEntry.Resolution;
import dev.sluice.config.crd.read.CrdSet;
import dev.sluice.config.plan.ClusterPlan;
import dev.sluice.config.plan.ListenerPlan;
import dev.sluice.config.translate.cluster.ClusterTranslator;
import dev.sluice.config.translate.cluster.InboundPools;
import dev.sluice.config.translate.listener.MeshListeners;
import dev.sluice.config.translate.notice.Notices;
import dev.sluice.config.translate.scope.ProxyScope;
import dev.sluice.config.translate.stream.StreamRoutes;
import dev.sluice.config.translate.tls.ServerTlsTranslator;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code --intercept} adds to a plan.
 *
 * @param listeners of redirected connections; empty without {@code --intercept}
 * @param clusters of dialled addresses
 */
public record Interception(List<ListenerPlan> listeners, List<ClusterPlan> clusters) {
    public Interception {
        listeners = List.copyOf(listeners);
        clusters = List.copyOf(clusters);
    }

    /** Who makes their parts. */
    public record Makers(
            MeshListeners mesh,
            StreamRoutes streams,
            ClusterTranslator clusters,
            InboundPools inbound,
            ServerTlsTranslator serverTls) {}

    /** The listeners of redirected connections, where they are wanted; else says what cannot be served without. */
    public static Interception of(CrdSet set, ProxyScope around, Makers makers, Notices notices) {
        if (!around.identity().intercept()) {
            noticeDialled(set, notices);
            return new Interception(List.of(), List.of());
        }
        InterceptSettings settings = InterceptSettings.of(set.mesh());
        OutboundCapture outbound = new OutboundCapture(around, makers.mesh(), makers.streams());
        InboundCapture inbound =
                new InboundCapture(around.sidecar().sidecar(), makers.clusters(), makers.inbound(), makers.serverTls());
        List<ListenerPlan> listeners = List.of(outbound.listener(settings), inbound.listener(settings));
        List<ClusterPlan> made = new ArrayList<>(inbound.clusters());
        if (around.sidecar().allowsAny()) {
            made.add(makers.clusters().passthrough());
        }
        return new Interception(listeners, made);
    }

    /** Nobody knows what the client dialled where no connection is redirected. */
    private static void noticeDialled(CrdSet set, Notices notices) {
        for (ServiceEntry entry : set.serviceEntries()) {
            if (entry.resolution() == null || entry.resolution() == Resolution.NONE) {
                notices.notServed(
                        entry,
                        entry.at(),
                        "resolution",
                        "resolution NONE needs the address that the client dialled; where there is none, requests are"
                                + " answered 503");
            }
        }
    }
}
