package dev.sluice.proxy.app.process;

import dev.sluice.config.validate.Finding;
import dev.sluice.proxy.log.Logs;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Tells in the log what {@code check} would say of the configuration in force, but notices of what is passed over and what
 * keeps an older version in force. Each is told once while it lasts: what is wrong since an earlier load would hide what this
 * one changed.
 */
final class FindingsLog {
    /** A large configuration may have thousands; {@code check} tells them all. */
    private static final int MOST = 50;

    private static final Logger LOG = Logs.of(FindingsLog.class);

    private Set<String> told = Set.of();

    /** Of each load once, one after another. */
    void tell(List<Finding> findings) {
        Set<String> standing = new HashSet<>();
        int fresh = 0;
        for (Finding finding : findings) {
            if (finding.blocking() || finding.severity() == Finding.Severity.INFO) {
                continue;
            }
            String what = withoutPlace(finding);
            standing.add(what);
            if (!told.contains(what) && ++fresh <= MOST) {
                LOG.log(Level.WARNING, finding.text());
            }
        }
        if (fresh > MOST) {
            LOG.log(Level.WARNING, (fresh - MOST) + " more findings; sluice check prints them all");
        }
        told = standing;
    }

    /** A line put in above does not make it another one. */
    private static String withoutPlace(Finding finding) {
        return finding.at().file() + ' ' + finding.code() + ' ' + finding.about() + ' ' + finding.message();
    }
}
