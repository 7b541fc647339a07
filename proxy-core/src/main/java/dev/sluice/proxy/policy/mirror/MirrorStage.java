package dev.sluice.proxy.policy.mirror;

import dev.sluice.config.plan.RouteActionPlan.Forward;
import dev.sluice.config.plan.RoutePlan;
import dev.sluice.proxy.exchange.BodyTap;
import dev.sluice.proxy.exchange.Destination;
import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.exchange.ExchangeObserver;
import dev.sluice.proxy.exchange.RequestBody;
import dev.sluice.proxy.exchange.RouteStage;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import dev.sluice.proxy.stream.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sends copies of a request to shadow clusters (spec/istio-fields.md §1.1, "Mirror runtime"). A copy is an exchange of its
 * own with a client that throws the response away; whatever happens to it, the request does not notice. A body is copied
 * while it passes, up to the replay limit; a longer one is not mirrored.
 */
public final class MirrorStage implements RouteStage {
    private static final ProxyError TIMEOUT = ProxyError.proxy(ErrorCode.TIMEOUT, "the route's timeout passed");

    private final RoutePlan route;
    private final Target[] targets;
    private final int bodyLimitBytes;
    private final @Nullable Duration timeout;
    private final RouteStage next;

    /**
     * A shadow cluster.
     *
     * @param destination joined with its cluster
     * @param perMillion share of requests
     * @param bridge makes its one attempt
     */
    public record Target(Destination destination, int perMillion, RouteStage bridge) {}

    /** @param targets those whose clusters exist; others are skipped silently, as in Envoy */
    public MirrorStage(RoutePlan route, Forward action, List<Target> targets, RouteStage next) {
        this.route = route;
        this.targets = targets.toArray(new Target[0]);
        this.bodyLimitBytes = action.replayLimitBytes();
        this.timeout = action.timeout().route();
        this.next = next;
    }

    @Override
    public void handle(Exchange exchange) {
        if (exchange.request().upgrade() == null) {
            for (Target target : targets) {
                if (MirrorSampler.takes(target.perMillion, exchange.randomId())) {
                    mirror(exchange, target);
                }
            }
        }
        next.handle(exchange);
    }

    private void mirror(Exchange exchange, Target target) {
        RequestHead copy = copy(exchange.request());
        RequestBody body = exchange.body();
        if (body == null) {
            start(exchange, target, copy, null);
        } else {
            body.tap(new Collector(exchange, target, copy));
        }
    }

    private void start(Exchange original, Target target, RequestHead head, @Nullable ByteBuf body) {
        Exchange shadow = new Exchange(
                head,
                body == null,
                new DiscardingStream(original.downstream()),
                original.randomId(),
                ExchangeObserver.NONE);
        shadow.routed(route, target.destination);
        if (original.isFromEdge()) {
            shadow.noteEdge();
        }
        if (timeout != null) {
            shadow.deadline(timeout.toNanos(), TIMEOUT);
            shadow.startDeadline();
        }
        target.bridge.handle(shadow);
        if (body != null) {
            shadow.onData(body, true);
        }
    }

    private static RequestHead copy(RequestHead head) {
        return RequestHead.builder(
                        head.version(),
                        head.method(),
                        head.path(),
                        head.headers().copy())
                .scheme(head.scheme())
                .authority(head.authority())
                .contentLength(head.contentLength())
                .build();
    }

    /** Keeps a body until it is whole. */
    private final class Collector implements BodyTap {
        private final Exchange original;
        private final Target target;
        private final RequestHead head;
        private @Nullable CompositeByteBuf collected;
        private boolean done;

        Collector(Exchange original, Target target, RequestHead head) {
            this.original = original;
            this.target = target;
            this.head = head;
        }

        @Override
        public void onData(ByteBuf data, boolean last) {
            if (done) {
                return;
            }
            CompositeByteBuf body = collected;
            if (body == null) {
                body = data.alloc().compositeBuffer(64);
                collected = body;
            }
            if (body.readableBytes() + data.readableBytes() > bodyLimitBytes) {
                onAbort();
                return;
            }
            body.addComponent(true, data.retainedDuplicate());
            if (last) {
                done = true;
                collected = null;
                start(original, target, head, body);
            }
        }

        @Override
        public void onAbort() {
            done = true;
            CompositeByteBuf body = collected;
            collected = null;
            if (body != null) {
                body.release();
            }
        }
    }
}
