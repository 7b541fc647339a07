package dev.sluice.config.translate.listener;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which domains of a table are taken: the first to claim one keeps it, later claims lose that domain (spec §0.3). */
final class Claims {
    private final Set<String> taken = new HashSet<>();

    /**
     * The domains of these names that were still free.
     *
     * @param names hosts and addresses, IPv6 in brackets
     * @param port to put behind each name; 0 for none
     */
    List<String> take(List<String> names, int port) {
        List<String> won = new ArrayList<>(names.size());
        for (String name : names) {
            String domain = port == 0 ? name : name + ":" + port;
            if (taken.add(domain)) {
                won.add(domain);
            }
        }
        return won;
    }
}
