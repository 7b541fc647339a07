package dev.sluice.proxy.admin.status;

import dev.sluice.config.plan.ListenerPlan.BindAddress;
import dev.sluice.proxy.admin.AdminSubject;
import dev.sluice.proxy.admin.MetricsText;
import dev.sluice.proxy.admin.Readiness;
import dev.sluice.proxy.admin.http.Answer;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The ports of a process that other hosts ask: health and merged metrics (15020), health alone (15021), the process's own
 * metrics (15090). They are opened once every listener is bound and the first configuration is in force, so until then
 * nobody is told otherwise.
 */
public final class StatusPorts implements AutoCloseable {
    private final StatusServer server = new StatusServer();

    private StatusPorts() {}

    /** Where they are; 0 takes an ephemeral one. */
    public record Numbers(int status, int ready, int metrics) {}

    /**
     * Opens them on every address, and keeps requests from being routed to them.
     *
     * @param probes of the app, which the first of them answers too
     * @throws IOException when one cannot be bound; then none is
     */
    public static StatusPorts open(Numbers numbers, AdminSubject subject, AppProbes probes) throws IOException {
        MetricsText metrics = new MetricsText(subject.metrics());
        StatusPage ready = StatusPage.read("/healthz/ready", () -> ready(subject.readiness()));
        StatusPage own = StatusPage.read("/stats/prometheus", metrics::answer);
        StatusPage quit = new StatusPage("/quitquitquit", "POST", true, (path, local) -> {
            subject.quit();
            return CompletableFuture.completedFuture(Answer.text("OK\n"));
        });
        StatusPorts ports = new StatusPorts();
        try {
            ProbeClient client = ports.server.probeClient();
            StatusPage app =
                    new StatusPage(AppProbes.PREFIX, "GET", false, (path, local) -> probes.answer(path, local, client));
            ports.bind(numbers.status(), List.of(ready, own, quit, app), subject);
            ports.bind(numbers.ready(), List.of(ready), subject);
            ports.bind(numbers.metrics(), List.of(own), subject);
            return ports;
        } catch (IOException e) {
            ports.close();
            throw e;
        }
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
