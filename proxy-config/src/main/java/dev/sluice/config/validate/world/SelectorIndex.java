package dev.sluice.config.validate.world;

import dev.sluice.config.crd.Labels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Values by selector, asked which selectors take a set of labels. A selector is filed under the first of its labels, so
 * only those are looked at that have a label in common with what is asked for.
 */
public final class SelectorIndex<T> {
    private final Map<String, List<Entry<T>>> byFirst = new HashMap<>();
    private final List<T> everything = new ArrayList<>();

    private record Entry<T>(Map<String, String> labels, T value) {}

    /** Files {@code value}; an empty selector takes all labels. */
    public void add(Map<String, String> selector, T value) {
        String first = null;
        for (Map.Entry<String, String> label : selector.entrySet()) {
            String text = text(label);
            if (first == null || text.compareTo(first) < 0) {
                first = text;
            }
        }
        if (first == null) {
            everything.add(value);
        } else {
            byFirst.computeIfAbsent(first, key -> new ArrayList<>(1)).add(new Entry<>(selector, value));
        }
    }

    /** Calls {@code found} for each value whose selector takes {@code labels}. */
    public void forEach(Map<String, String> labels, Consumer<T> found) {
        everything.forEach(found);
        for (Map.Entry<String, String> label : labels.entrySet()) {
            for (Entry<T> entry : byFirst.getOrDefault(text(label), List.of())) {
                if (Labels.carry(labels, entry.labels())) {
                    found.accept(entry.value());
                }
            }
        }
    }

    private static String text(Map.Entry<String, String> label) {
        return label.getKey() + "=" + label.getValue();
    }
}
