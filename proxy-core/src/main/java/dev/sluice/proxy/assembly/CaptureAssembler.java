package dev.sluice.proxy.assembly;

import dev.sluice.config.plan.ListenerPlan;
import dev.sluice.config.plan.RouteTablePlan;
import dev.sluice.config.plan.chain.ChainPlan;
import dev.sluice.config.plan.chain.ChainTarget;
import dev.sluice.config.plan.chain.Cidr;
import dev.sluice.config.plan.chain.TcpRoutePlan;
import dev.sluice.proxy.snapshot.CaptureIndex;
import dev.sluice.proxy.snapshot.ChainRuntime;
import dev.sluice.proxy.snapshot.HttpRuntime;
import dev.sluice.proxy.snapshot.ServerNames;
import dev.sluice.proxy.snapshot.Ways;
import dev.sluice.proxy.tcp.TcpRoute;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Brings the chains of a listener of redirected connections together by what was dialled. Configuration thread. */
public final class CaptureAssembler {
    private static final Cidr NO_ADDRESS = new Cidr(true, 0, 0, 128);

    private final Function<RouteTablePlan, HttpRuntime> http;
    private final Function<TcpRoutePlan, TcpRoute> bytes;
    private final Function<ChainPlan, ChainRuntime> ended;

    /**
     * @param http makes what serves a table of requests
     * @param bytes makes what carries bytes
     * @param ended makes what ends TLS
     */
    public CaptureAssembler(
            Function<RouteTablePlan, HttpRuntime> http,
            Function<TcpRoutePlan, TcpRoute> bytes,
            Function<ChainPlan, ChainRuntime> ended) {
        this.http = http;
        this.bytes = bytes;
        this.ended = ended;
    }

    /** An address and a port that chains are for; {@link #NO_ADDRESS} for every address, 0 for every port. */
    private record Spot(Cidr destination, int port) {}

    /** What chains there are for a spot. */
    private static final class Draft {
        private @Nullable HttpRuntime http;
        private @Nullable TcpRoute bytes;
        private @Nullable ChainRuntime ended;
        private final Map<String, TcpRoute> names = new HashMap<>();

        Ways finished(@Nullable Ways otherwise) {
            return new Ways(http, new ServerNames(names), bytes, otherwise == null ? null : otherwise.bytes(), ended);
        }
    }

    /** The chains of {@code listener}, which has {@link ListenerPlan#capture()}. */
    public CaptureIndex index(ListenerPlan listener) {
        Map<Spot, Draft> drafts = new LinkedHashMap<>();
        for (ChainPlan chain : listener.traffic().chains()) {
            List<Cidr> destinations = new ArrayList<>(chain.match().destinations());
            if (destinations.isEmpty()) {
                destinations.add(NO_ADDRESS);
            }
            List<Draft> found = new ArrayList<>(destinations.size());
            for (Cidr destination : destinations) {
                Spot spot = new Spot(destination, chain.match().destinationPort());
                found.add(drafts.computeIfAbsent(spot, added -> new Draft()));
            }
            put(chain, found);
        }
        Draft any = drafts.remove(new Spot(NO_ADDRESS, 0));
        Ways otherwise = any == null ? null : any.finished(null);
        CaptureIndex.Builder index = new CaptureIndex.Builder();
        drafts.forEach((spot, draft) -> index.add(
                spot.destination().equals(NO_ADDRESS) ? null : spot.destination(),
                spot.port(),
                draft.finished(otherwise)));
        return index.build(otherwise);
    }

    private void put(ChainPlan chain, List<Draft> drafts) {
        ChainTarget target = chain.target();
        if (chain.tls() != null) {
            ChainRuntime made = ended.apply(chain);
            drafts.forEach(draft -> draft.ended = made);
        } else if (target instanceof ChainTarget.Http table) {
            HttpRuntime made = http.apply(table.routes());
            drafts.forEach(draft -> draft.http = made);
        } else if (target instanceof ChainTarget.Tcp carried) {
            TcpRoute made = bytes.apply(carried.route());
            for (Draft draft : drafts) {
                if (chain.match().tls()) {
                    chain.match().serverNames().forEach(name -> draft.names.put(name, made));
                } else {
                    draft.bytes = made;
                }
            }
        }
    }
}
