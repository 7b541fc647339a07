package dev.sluice.config.translate;

import dev.sluice.config.plan.ListenerPlan;
import dev.sluice.config.plan.ListenerPlan.BindAddress;
import dev.sluice.config.translate.notice.Notices;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Listeners, one an address: of two for one address the first stays. */
final class ListenerSet {
    private final Notices notices;
    private final Map<BindAddress, ListenerPlan> byAddress = new LinkedHashMap<>();

    ListenerSet(Notices notices) {
        this.notices = notices;
    }

    /** Whether it is in. */
    boolean add(ListenerPlan listener) {
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
