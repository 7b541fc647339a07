package dev.sluice.config.validate.cross;

import dev.sluice.config.validate.world.SelectorIndex;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which Gateways can be on one workload: the selector of one is part of the other's. They are told apart by their
 * selectors first, of which a configuration has few.
 */
final class Overlaps<T> {
    private final Map<Map<String, String>, List<T>> bySelector = new LinkedHashMap<>();

    void add(Map<String, String> selector, T value) {
        bySelector.computeIfAbsent(selector, key -> new ArrayList<>(1)).add(value);
    }

    /** Groups of values, each group on one workload; a value may be in several. */
    List<List<T>> groups() {
        SelectorIndex<Map<String, String>> index = new SelectorIndex<>();
        bySelector.keySet().forEach(selector -> index.add(selector, selector));
        List<List<T>> groups = new ArrayList<>();
        bySelector.forEach((selector, values) -> {
            List<T> group = new ArrayList<>(values);
            index.forEach(selector, wider -> {
                if (!wider.equals(selector)) {
                    group.addAll(bySelector.getOrDefault(wider, List.of()));
                }
            });
            if (group.size() > 1) {
                groups.add(group);
            }
        });
        return groups;
    }
}
