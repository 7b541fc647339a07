package dev.sluice.config.plan.chain;

import dev.sluice.config.plan.SourceRef;
import org.jspecify.annotations.Nullable;

/**
 * One way that a connection of a listener can go. A listener's chains are tried by what is most specific (see {@link
 * ChainMatchPlan}); a connection that none takes is closed, unless the listener has a table for cleartext HTTP.
 *
 * @param name unique within the listener, stable over reloads, such as {@code https.443.web.default/gw}
 * @param match which connections
 * @param tls how TLS ends here; null where it does not: cleartext, or TLS that is passed through
 * @param target what becomes of the bytes (of those inside TLS where {@code tls} is set)
 * @param origin where it is written
 */
public record ChainPlan(
        String name, ChainMatchPlan match, @Nullable ServerTlsPlan tls, ChainTarget target, SourceRef origin) {}
