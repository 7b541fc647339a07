package dev.sluice.proxy.explain;

import dev.sluice.config.plan.ListenerPlan;
import dev.sluice.config.plan.ListenerPlan.Kind;
import dev.sluice.config.plan.ProxyPlan;
import dev.sluice.config.plan.RouteTablePlan;
import dev.sluice.config.plan.chain.ChainTarget;
import dev.sluice.config.plan.chain.TcpRoutePlan;
import dev.sluice.proxy.assembly.CaptureAssembler;
import dev.sluice.proxy.exchange.ExchangeObserver;
import dev.sluice.proxy.exchange.RouteStage;
import dev.sluice.proxy.routing.Router;
import dev.sluice.proxy.snapshot.CaptureIndex;
import dev.sluice.proxy.snapshot.ChainRuntime;
import dev.sluice.proxy.snapshot.HttpRuntime;
import dev.sluice.proxy.snapshot.ListenerRuntime;
import dev.sluice.proxy.snapshot.RuntimeSnapshot;
import dev.sluice.proxy.snapshot.Ways;
import dev.sluice.proxy.tcp.TcpRoute;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Listeners of redirected connections, asked where a connection goes by the same index that connections are. */
final class Captured {
    private static final RouteStage NEVER_RUN = exchange -> {
        throw new IllegalStateException("an explained route is not run");
    };

    private final ProxyPlan plan;
    private final Function<ListenerPlan, @Nullable CaptureIndex> indexes;

    private Captured(ProxyPlan plan, Function<ListenerPlan, @Nullable CaptureIndex> indexes) {
        this.plan = plan;
        this.indexes = indexes;
    }

    /** Of a plan that is not running. */
    static Captured of(ProxyPlan plan, Function<RouteTablePlan, Router> routers) {
        Function<RouteTablePlan, HttpRuntime> http =
                table -> new HttpRuntime(routers.apply(table), NEVER_RUN, ExchangeObserver.NONE);
        Function<TcpRoutePlan, TcpRoute> bytes = route -> new TcpRoute(route, List.of());
        CaptureAssembler assembler = new CaptureAssembler(
                http,
                bytes,
                chain -> chain.target() instanceof ChainTarget.Http table
                        ? new ChainRuntime(chain, null, http.apply(table.routes()), null)
                        : new ChainRuntime(chain, null, null, bytes.apply(((ChainTarget.Tcp) chain.target()).route())));
        return new Captured(plan, assembler::index);
    }

    /** Of a running configuration. */
    static Captured of(RuntimeSnapshot running) {
        return new Captured(running.plan(), listener -> {
            ListenerRuntime runtime = running.listener(listener.bind());
            return runtime == null ? null : runtime.capture();
        });
    }

    /** What takes the request or its connection; null where no connection is redirected to that side. */
    @Nullable
    AskedTable find(Kind kind, Question question) {
        for (ListenerPlan listener : plan.listeners()) {
            CaptureIndex index = listener.kind() == kind ? indexes.apply(listener) : null;
            if (index != null) {
                Ways ways = index.find(question.destination());
                return ways == null ? AskedTable.carried(listener, null) : taken(listener, ways, question);
            }
        }
        return null;
    }

    private static AskedTable taken(ListenerPlan listener, Ways ways, Question question) {
        if (question.scheme().equals("https") && ways.ended() == null) {
            TcpRoute named = ways.names().find(AskedTable.host(question.authority()));
            return named == null ? carried(listener, ways.unnamed()) : AskedTable.named(listener, named.plan());
        }
        HttpRuntime http = ways.requests();
        return http == null ? carried(listener, ways.carried()) : AskedTable.routed(listener, http.router());
    }

    private static AskedTable carried(ListenerPlan listener, @Nullable TcpRoute bytes) {
        return AskedTable.carried(listener, bytes == null ? null : bytes.plan());
    }
}
