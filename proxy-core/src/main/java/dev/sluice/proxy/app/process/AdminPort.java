package dev.sluice.proxy.app.process;

import dev.sluice.config.plan.ListenerPlan;
import dev.sluice.config.plan.ListenerPlan.BindAddress;
import dev.sluice.proxy.admin.AdminPages;
import dev.sluice.proxy.admin.AdminSubject;
import dev.sluice.proxy.admin.http.AdminServer;
import dev.sluice.proxy.app.options.AdminOptions;
import dev.sluice.proxy.app.options.ExitCodes;
import dev.sluice.proxy.app.options.UserError;
import dev.sluice.proxy.listener.BindSockets;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The admin port of a process: bound, or off. */
final class AdminPort implements AutoCloseable {
    static final AdminPort OFF = new AdminPort(null);

    private final @Nullable AdminServer server;

    private AdminPort(@Nullable AdminServer server) {
        this.server = server;
    }

    /** Binds, and keeps requests from being routed to the port. */
    static AdminPort open(AdminOptions.Wanted wanted, AdminSubject subject) throws UserError {
        try {
            AdminServer server = AdminServer.bind(
                    wanted.address(), wanted.token(), AdminPages.of(subject), AdminServer.Bounds.DEFAULT);
            subject.proxy().listeners().reserve(server.address());
            return new AdminPort(server);
        } catch (IOException e) {
            String holder = holder(subject.proxy().snapshot().plan().listeners(), wanted.address());
            throw new UserError(
                    ExitCodes.CANNOT_BIND,
                    holder == null
                            ? e.getMessage()
                            : e.getMessage() + ": " + holder
                                    + " has it; move one of them, this one by --admin HOST:PORT");
        }
    }

    /** Which listener of the configuration, all of which are bound by then, stands in the way; null for none. */
    static @Nullable String holder(List<ListenerPlan> listeners, BindAddress admin) {
        for (ListenerPlan listener : listeners) {
            if (!listener.bind().isUnix()
                    && BindSockets.overlap(BindSockets.of(listener.bind()), BindSockets.of(admin))) {
                boolean written = !listener.origin().file().isEmpty();
                return listener.name() + (written ? " (" + listener.origin() + ")" : "");
            }
        }
        return null;
    }

    /** {@code HOST:PORT}, or {@code off}: the ready line's. */
    @Override
    public String toString() {
        return server == null ? AdminOptions.OFF : NetUtil.toSocketAddressString(server.address());
    }

    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
    }
}
