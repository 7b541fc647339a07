package dev.sluice.config.translate.listener;

import dev.sluice.config.crd.schema.Metadata;
import dev.sluice.config.plan.ListenerPlan.BindAddress;
import dev.sluice.config.plan.UnixSocket;
import dev.sluice.config.translate.cluster.SluiceAnnotations;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Addresses to listen on, as objects write them. */
final class Binds {
    private Binds() {}

    /** Permissions that an object wants for the files of its Unix domain sockets. */
    static int mode(Metadata of) {
        return SluiceAnnotations.fileMode(of.annotations().get(SluiceAnnotations.SOCKET_MODE));
    }

    /**
     * The address of a {@code bind} and a port, which a Unix domain socket has none of.
     *
     * @param bind null, empty and the wildcards of either family mean every address: one of them beside another could
     *     not be bound
     */
    static BindAddress address(@Nullable String bind, int port) {
        if (bind != null && UnixSocket.isWritten(bind)) {
            return new BindAddress(UnixSocket.address(bind), 0);
        }
        if (bind == null || bind.isEmpty() || bind.equals("0.0.0.0") || bind.equals("::")) {
            return new BindAddress(null, port);
        }
        return new BindAddress(bind.toLowerCase(Locale.ROOT), port);
    }
}
