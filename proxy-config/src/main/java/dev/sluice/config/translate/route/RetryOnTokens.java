package dev.sluice.config.translate.route;

import dev.sluice.config.plan.policy.RetryPlan.RetryOn;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A {@code retryOn} taken apart (spec §1.7): words of the vocabulary, and numbers, which are status codes and ask for
 * {@code retriable-status-codes} by themselves.
 */
record RetryOnTokens(Set<RetryOn> words, List<Integer> statusCodes) {
    private static final Map<String, RetryOn> BY_TOKEN = new HashMap<>();

    static {
        for (RetryOn word : RetryOn.values()) {
            BY_TOKEN.put(word.token(), word);
        }
    }

    static RetryOnTokens parse(String retryOn) {
        Set<RetryOn> words = EnumSet.noneOf(RetryOn.class);
        List<Integer> codes = new ArrayList<>();
        for (String part : retryOn.split(",", -1)) {
            String item = part.trim();
            RetryOn word = BY_TOKEN.get(item);
            if (word != null) {
                words.add(word);
            } else if (isStatusCode(item)) {
                codes.add(Integer.valueOf(item));
            }
        }
        if (!codes.isEmpty()) {
            words.add(RetryOn.RETRIABLE_STATUS_CODES);
        }
        return new RetryOnTokens(words, codes);
    }

    private static boolean isStatusCode(String item) {
        return item.length() == 3
                && item.charAt(0) >= '1'
                && item.charAt(0) <= '5'
                && Character.isDigit(item.charAt(1))
                && Character.isDigit(item.charAt(2));
    }
}
