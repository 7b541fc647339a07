package dev.sluice.config.crd;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Labelled things, asked for those that a selector takes: looked for among those that have its rarest label. */
public final class LabelIndex<T> {
    private final List<Entry<T>> all = new ArrayList<>();
    private final Map<String, List<Entry<T>>> byLabel = new HashMap<>();
    /** Services of one app ask with the same selector. */
    private final Map<Map<String, String>, List<T>> answers = new HashMap<>();

    private record Entry<T>(Map<String, String> labels, T value) {}

    /** Adds a value; before the first question. */
    public void add(Map<String, String> labels, T value) {
        Entry<T> entry = new Entry<>(labels, value);
        all.add(entry);
        for (Map.Entry<String, String> label : labels.entrySet()) {
            byLabel.computeIfAbsent(text(label), key -> new ArrayList<>(1)).add(entry);
        }
    }

    /** All that have every label of {@code selector}, in the order of adding; with none, all. */
    public List<T> select(Map<String, String> selector) {
        return answers.computeIfAbsent(selector, this::search);
    }

    private List<T> search(Map<String, String> selector) {
        List<Entry<T>> candidates = all;
        for (Map.Entry<String, String> label : selector.entrySet()) {
            List<Entry<T>> bucket = byLabel.getOrDefault(text(label), List.of());
            if (bucket.size() < candidates.size()) {
                candidates = bucket;
            }
        }
        List<T> found = new ArrayList<>();
        for (Entry<T> entry : candidates) {
            if (Labels.carry(entry.labels(), selector)) {
                found.add(entry.value());
            }
        }
        return List.copyOf(found);
    }

    private static String text(Map.Entry<String, String> label) {
        return label.getKey() + "=" + label.getValue();
    }
}
