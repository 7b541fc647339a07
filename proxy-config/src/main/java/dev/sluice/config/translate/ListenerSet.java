package dev.sluice.config.translate;

import dev.sluice.config.plan.ListenerPlan;
import dev.sluice.config.plan.ListenerPlan.BindAddress;
import dev.sluice.config.plan.ListenerPlan.Kind;
import dev.sluice.config.translate.notice.Notices;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Listeners, one an address: of two for one address the first stays. What redirected connections come to and the status
 * ports have their ports alone, on every address.
 */
final class ListenerSet {
    private final Notices notices;
    private final Set<Integer> reserved;
    private final Map<BindAddress, ListenerPlan> byAddress = new LinkedHashMap<>();

    /** @param reserved ports that the proxy opens for itself */
    ListenerSet(Set<Integer> reserved, Notices notices) {
        this.reserved = reserved;
        this.notices = notices;
    }

    /** Whether it is in. */
    boolean add(ListenerPlan listener) {
        boolean own = listener.traffic().capture() == null
                && reserved.contains(listener.bind().port());
        if (own && !listener.bind().isUnix() && listener.kind() != Kind.OUTBOUND) {
            notices.givesWay(
                    listener.origin(),
                    listener.name() + " is left out: port " + listener.bind().port() + " is the proxy's own");
            return false;
        }
        ListenerPlan first = byAddress.putIfAbsent(listener.bind(), listener);
        if (first != null) {
            notices.givesWay(
                    listener.origin(), listener.name() + " is left out: " + first.name() + " has that address");
        }
        return first == null;
    }

    List<ListenerPlan> plans() {
        return new ArrayList<>(byAddress.values());
    }
}
