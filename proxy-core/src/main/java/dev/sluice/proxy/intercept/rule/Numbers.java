package dev.sluice.proxy.intercept.rule;

import java.util.ArrayList;
import java.util.List;

/** Numbers and lists of command lines. Whatever gets into a rule passes through here, so that no text does. */
final class Numbers {
    private Numbers() {}

    /** @throws IllegalArgumentException if it is no number from {@code least} to {@code most}, naming {@code what} */
    static int parse(String text, int least, int most, String what) {
        try {
            int number = Integer.parseInt(text.trim());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(what + ": '" + text + "' is no number", e);
        }
        throw new IllegalArgumentException(what + ": " + text.trim() + " is not one of " + least + " to " + most);
    }

    /** The items of a comma-separated list in their order, each once; none for an empty text. */
    static List<String> items(String text) {
        List<String> items = new ArrayList<>();
        for (String item : text.split(",", -1)) {
            String trimmed = item.trim();
            if (!trimmed.isEmpty() && !items.contains(trimmed)) {
                items.add(trimmed);
            }
        }
        return items;
    }
}
