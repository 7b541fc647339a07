package dev.sluice.config.validate.rule;

import dev.sluice.config.crd.tree.Quote;
import dev.sluice.config.validate.text.IpText;
import dev.sluice.config.validate.text.UnixText;

/** Addresses that a listener binds. */
public final class BindRules {
    private BindRules() {}

    /** @param sockets whether a Unix socket is one too */
    public static void check(Report report, Place place, String bind, boolean sockets) {
        if (UnixText.isUnix(bind) && sockets) {
            if (!UnixText.isValid(bind)) {
                report.error(place, Quote.of(bind) + " must name an absolute file or, after @, an abstract socket");
            }
        } else if (!IpText.isAddress(bind)) {
            report.error(
                    place,
                    Quote.of(bind) + " must be an IP address"
                            + (sockets ? " or a Unix socket, such as unix:///run/a.sock" : ""));
        }
    }
}
