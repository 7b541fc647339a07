package dev.sluice.config.crd.tree;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a plain (unquoted) scalar means: YAML 1.1 as {@code sigs.k8s.io/yaml} reads it, for that is what kubectl and
 * istiod do with the same file. {@code yes}, {@code on} and {@code y} are booleans; {@code 0x1f}, {@code 0o17}, {@code
 * 017} and {@code 0b1} are integers, underscores allowed; no sexagesimals, no timestamps (they stay strings).
 */
final class ScalarResolver {
    private static final Map<String, Object> WORDS = new HashMap<>();
    private static final Object NULL = new Object();
    /** Longer numbers than this are not numbers that anybody meant, and cost quadratic time to read. */
    private static final int MAX_NUMBER = 64;

    static {
        for (String word : new String[] {"y", "yes", "true", "on"}) {
            spellings(word, true);
        }
        for (String word : new String[] {"n", "no", "false", "off"}) {
            spellings(word, false);
        }
        spellings("null", NULL);
        WORDS.put("", NULL);
        WORDS.put("~", NULL);
        for (String nan : new String[] {".nan", ".NaN", ".NAN"}) {
            WORDS.put(nan, Double.NaN);
        }
        for (String inf : new String[] {".inf", ".Inf", ".INF"}) {
            WORDS.put(inf, Double.POSITIVE_INFINITY);
            WORDS.put("+" + inf, Double.POSITIVE_INFINITY);
            WORDS.put("-" + inf, Double.NEGATIVE_INFINITY);
        }
    }

    private ScalarResolver() {}

    private static void spellings(String word, Object value) {
        WORDS.put(word, value);
        WORDS.put(word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1), value);
        WORDS.put(word.toUpperCase(Locale.ROOT), value);
    }

    /** The value of a plain scalar: String, Boolean, Long, BigInteger, Double or null. */
    static @Nullable Object resolve(String text) {
        if (text.length() <= 5) {
            Object word = WORDS.get(text);
            if (word != null) {
                return word == NULL ? null : word;
            }
        }
        char first = text.charAt(0);
        boolean numeric = (first >= '0' && first <= '9') || first == '-' || first == '+' || first == '.';
        if (!numeric || text.length() > MAX_NUMBER) {
            return text;
        }
        String plain = text.indexOf('_') < 0 ? text : text.replace("_", "");
        Object number = first == '.' ? null : integer(plain);
        if (number == null && isDecimal(plain)) {
            double value = Double.parseDouble(plain);
            number = Double.isInfinite(value) ? null : (Object) value;
        }
        return number == null ? text : number;
    }

    /** Go's {@code strconv.ParseInt(s, 0, …)}: a prefix chooses the base, a bare leading zero means octal. */
    private static @Nullable Object integer(String text) {
        int at = text.charAt(0) == '-' || text.charAt(0) == '+' ? 1 : 0;
        int base = 10;
        int digits = at;
        if (text.length() > at + 1 && text.charAt(at) == '0') {
            char mark = Character.toLowerCase(text.charAt(at + 1));
            base = mark == 'x' ? 16 : mark == 'b' ? 2 : 8;
            digits = at + (mark == 'x' || mark == 'b' || mark == 'o' ? 2 : 1);
        }
        if (digits >= text.length()) {
            return null;
        }
        for (int i = digits; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > 'f' || Character.digit(c, base) < 0) {
                return null;
            }
        }
        BigInteger value = new BigInteger(text.substring(digits), base);
        if (text.charAt(0) == '-') {
            value = value.negate();
        }
        return value.bitLength() < 64 ? (Object) value.longValue() : value;
    }

    /** {@code [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?}, the shape that Kubernetes' YAML takes as a float. */
    private static boolean isDecimal(String text) {
        int i = text.charAt(0) == '-' || text.charAt(0) == '+' ? 1 : 0;
        int whole = digits(text, i);
        int end = i + whole;
        if (end < text.length() && text.charAt(end) == '.') {
            int fraction = digits(text, end + 1);
            if (whole + fraction == 0) {
                return false;
            }
            end += 1 + fraction;
        } else if (whole == 0) {
            return false;
        }
        if (end < text.length() && (text.charAt(end) == 'e' || text.charAt(end) == 'E')) {
            end++;
            if (end < text.length() && (text.charAt(end) == '-' || text.charAt(end) == '+')) {
                end++;
            }
            int exponent = digits(text, end);
            if (exponent == 0) {
                return false;
            }
            end += exponent;
        }
        return end == text.length();
    }

    private static int digits(String text, int from) {
        int i = from;
        while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
            i++;
        }
        return i - from;
    }
}
