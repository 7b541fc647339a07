package dev.sluice.config.crd;

import java.util.Map;

/** Labels and selectors. */
public final class Labels {
    private Labels() {}

    /** Whether {@code labels} holds every pair of {@code selector}; an empty selector takes all. */
    public static boolean carry(Map<String, String> labels, Map<String, String> selector) {
        for (Map.Entry<String, String> wanted : selector.entrySet()) {
            if (!wanted.getValue().equals(labels.get(wanted.getKey()))) {
                return false;
            }
        }
        return true;
    }
}
