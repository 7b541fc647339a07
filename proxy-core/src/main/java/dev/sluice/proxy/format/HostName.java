package dev.sluice.proxy.format;

import dev.sluice.proxy.stream.headers.WireText;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** {@code %HOSTNAME%}. */
public final class HostName {
    private HostName() {}

    /** Wire text; null for a host without a name of its own, which is no fault of the configuration. May have to look it up. */
    public static @Nullable String ask() {
        try {
            return WireText.of(InetAddress.getLocalHost().getHostName());
        } catch (UnknownHostException e) {
            return null;
        }
    }
}
