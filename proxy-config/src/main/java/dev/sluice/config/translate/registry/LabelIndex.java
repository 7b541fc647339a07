package dev.sluice.config.translate.registry;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Values by labels, so that selecting costs what the rarest pair of the selector finds rather than a scan over all. */
final class LabelIndex<T> {
    private final List<Labelled<T>> all = new ArrayList<>();
    private final Map<Map.Entry<String, String>, List<Labelled<T>>> byPair = new HashMap<>();

    private record Labelled<T>(Map<String, String> labels, T value) {}

    void add(Map<String, String> labels, T value) {
        Labelled<T> labelled = new Labelled<>(labels, value);
        all.add(labelled);
        for (Map.Entry<String, String> pair : labels.entrySet()) {
            byPair.computeIfAbsent(Map.entry(pair.getKey(), pair.getValue()), key -> new ArrayList<>())
                    .add(labelled);
        }
    }

    /** The values whose labels hold every pair of {@code selector}, in the order of adding. */
    List<T> select(Map<String, String> selector) {
        List<Labelled<T>> candidates = all;
        for (Map.Entry<String, String> pair : selector.entrySet()) {
            List<Labelled<T>> with = byPair.getOrDefault(Map.entry(pair.getKey(), pair.getValue()), List.of());
            candidates = with.size() < candidates.size() ? with : candidates;
        }
        List<T> found = new ArrayList<>();
        for (Labelled<T> candidate : candidates) {
            if (Labels.carry(candidate.labels(), selector)) {
                found.add(candidate.value());
            }
        }
        return found;
    }
}
