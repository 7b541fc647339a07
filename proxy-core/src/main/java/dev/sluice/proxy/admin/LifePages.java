package dev.sluice.proxy.admin;

import dev.sluice.proxy.admin.http.Answer;
import dev.sluice.proxy.admin.http.Page;
import dev.sluice.proxy.admin.http.Query;
import java.util.List;

/** Pages about the life of the process: readiness, drain, end, and how much it logs. */
final class LifePages {
    private final AdminSubject subject;

    LifePages(AdminSubject subject) {
        this.subject = subject;
    }

    List<Page> pages() {
        return List.of(
                Page.openRead("/ready", "200 LIVE while traffic is wanted, else 503", query -> ready()),
                new Page(
                        "/logging",
                        "level of the process log; POST with level=trace|debug|info|warning|error|off changes it",
                        Page.Kind.BOTH,
                        false,
                        this::logging),
                Page.change("/healthcheck/fail", "makes /ready answer 503; traffic is still served", query -> {
                    subject.readiness().fail();
                    return Answer.text("OK\n");
                }),
                Page.change("/healthcheck/ok", "takes /healthcheck/fail back", query -> {
                    subject.readiness().ok();
                    return Answer.text("OK\n");
                }),
                Page.change(
                        "/drain_listeners",
                        "stops accepting; connections end in peace; the process stays. With graceful it goes on accepting",
                        query -> {
                            if (query.has("graceful")) {
                                subject.beginDrain();
                            } else {
                                subject.drainListeners();
                            }
                            return Answer.text("OK\n");
                        }),
                Page.change("/quitquitquit", "drains and ends the process", query -> {
                    subject.quit();
                    return Answer.text("OK\n");
                }));
    }

    private Answer ready() {
        Readiness.State state = subject.readiness().state();
        return Answer.text(state == Readiness.State.LIVE ? 200 : 503, state.name() + "\n");
    }

    private Answer logging(Query query) {
        if (query.has("level")) {
            if (!query.change()) {
                return Answer.notAllowed("POST", "changing the level takes POST");
            }
            String level = query.one("level");
            subject.logLevel(level == null ? "" : level);
        } else if (query.change()) {
            throw new IllegalArgumentException("level is missing: /logging?level=debug");
        }
        return Answer.text("level: " + subject.logLevel() + "\n");
    }
}
