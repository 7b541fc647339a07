package dev.sluice.proxy.admin.status;

import dev.sluice.config.plan.ListenerPlan.BindAddress;
import dev.sluice.proxy.admin.AdminSubject;
import dev.sluice.proxy.admin.MetricsText;
import dev.sluice.proxy.admin.Readiness;
import dev.sluice.proxy.admin.http.Answer;
import dev.sluice.proxy.admin.scrape.AppMetrics;
import dev.sluice.proxy.admin.scrape.AppScraper;
import dev.sluice.proxy.admin.scrape.Exposition;
import dev.sluice.proxy.admin.status.StatusPage.Rest;
import dev.sluice.proxy.admin.status.StatusPage.Told;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The ports of a process that other hosts ask: health and merged metrics (15020), health alone (15021), the process's own
 * metrics (15090). They are opened once every listener is bound and the first configuration is in force, so until then
 * nobody is told otherwise.
 */
public final class StatusPorts implements AutoCloseable {
    /** Istio's path, and the one that scrapers take by themselves. */
    private static final List<String> MERGED = List.of("/stats/prometheus", "/metrics");

    private final StatusServer server = new StatusServer();
    private final AtomicInteger hooks = new AtomicInteger();

    private StatusPorts() {}

    /** Where they are; 0 takes an ephemeral one. */
    public record Numbers(int status, int ready, int metrics) {}

    /**
     * What the app beside the proxy has of its own.
     *
     * @param metrics null where it tells none
     */
    public record App(AppProbes probes, @Nullable AppMetrics metrics) {
        /** Nothing. */
        public static final App NONE = new App(AppProbes.none(), null);
    }

    /**
     * Opens them on every address, and keeps requests from being routed to them.
     *
     * @param app which the first of them answers for too
     * @throws IOException when one cannot be bound; then none is
     */
    public static StatusPorts open(Numbers numbers, AdminSubject subject, App app) throws IOException {
        MetricsText metrics = new MetricsText(subject.metrics());
        StatusPage ready = StatusPage.read("/healthz/ready", () -> ready(subject.readiness()));
        StatusPage own = StatusPage.read("/stats/prometheus", metrics::answer);
        StatusPorts ports = new StatusPorts();
        try {
            List<StatusPage> pages = new ArrayList<>(
                    List.of(ready, act("/quitquitquit", subject::quit), act("/drain", subject::beginDrain)));
            pages.addAll(probes(app.probes(), ports.server.probeClient(), ports.hooks));
            pages.addAll(ports.merged(metrics, app.metrics(), subject));
            ports.bind(numbers.status(), pages, subject);
            ports.bind(numbers.ready(), List.of(ready), subject);
            ports.bind(numbers.metrics(), List.of(own), subject);
            return ports;
        } catch (IOException e) {
            ports.close();
            throw e;
        }
    }

    /** Changes something, for this host's own processes. */
    private static StatusPage act(String path, Runnable action) {
        return new StatusPage(path, "POST", true, asked -> {
            action.run();
            return CompletableFuture.completedFuture(new Told(Answer.text("OK\n"), null));
        });
    }

    /**
     * Answer with what the app says.
     *
     * @param hooks how many of its hooks are under way
     */
    static List<StatusPage> probes(AppProbes probes, ProbeClient client, AtomicInteger hooks) {
        StatusPage.Responder responder =
                asked -> probes.answer(asked.path(), asked.local(), client).thenApply(answer -> new Told(answer, null));
        StatusPage.Responder counted = asked -> {
            CompletionStage<Told> answer = responder.answer(asked);
            hooks.incrementAndGet();
            return answer.whenComplete((told, failure) -> hooks.decrementAndGet());
        };
        return List.of(
                new StatusPage(AppProbes.HEALTH, "GET", false, responder),
                new StatusPage(AppProbes.LIFECYCLE, "GET", false, counted));
    }

    /** Whether the app was asked to run a hook of its own, such as preStop, and has not answered yet. Any thread. */
    public boolean isHookUnderWay() {
        return hooks.get() > 0;
    }

    /** The proxy's metrics, and after them the app's. */
    private List<StatusPage> merged(MetricsText own, @Nullable AppMetrics app, AdminSubject subject) {
        if (app == null) {
            return MERGED.stream()
                    .map(path -> StatusPage.read(path, own::answer))
                    .toList();
        }
        StatusPage.Responder merged = withApp(own, new AppScraper(app, server.loop(), subject.metrics()));
        return MERGED.stream()
                .map(path -> new StatusPage(path, "GET", false, merged))
                .toList();
    }

    /** Answers with both. */
    static StatusPage.Responder withApp(MetricsText own, AppScraper scraper) {
        return asked -> scraper.ask(asked.headers()).thenApply(body -> {
            if (body == null) {
                return new Told(own.answer(), null);
            }
            Exposition format = body.exposition();
            return new Told(own.begin(format), new Rest(body, format.end(), scraper::ended));
        });
    }

    private void bind(int port, List<StatusPage> pages, AdminSubject subject) throws IOException {
        subject.proxy().listeners().reserve(server.bind(new BindAddress(null, port), pages));
    }

    private static Answer ready(Readiness readiness) {
        Readiness.State state = readiness.state();
        return Answer.text(state == Readiness.State.LIVE ? 200 : 503, state + "\n");
    }

    @Override
    public void close() {
        server.close();
    }
}
