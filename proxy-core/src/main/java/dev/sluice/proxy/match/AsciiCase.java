package dev.sluice.proxy.match;

/** Case as HTTP and Envoy see it: only A to Z have one. */
public final class AsciiCase {
    private AsciiCase() {}

    /** Lower case of {@code c}. */
    public static char fold(char c) {
        return c >= 'A' && c <= 'Z' ? (char) (c | 0x20) : c;
    }

    /** {@code text} in lower case; the same object when it is already. */
    public static String fold(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (fold(text.charAt(i)) != text.charAt(i)) {
                char[] folded = text.toCharArray();
                for (int j = i; j < folded.length; j++) {
                    folded[j] = fold(folded[j]);
                }
                return new String(folded);
            }
        }
        return text;
    }

    /** Whether {@code text} from {@code from} on begins with {@code folded}, which is in lower case. */
    public static boolean startsWith(CharSequence text, int from, String folded) {
        if (text.length() - from < folded.length()) {
            return false;
        }
        for (int i = 0; i < folded.length(); i++) {
            if (fold(text.charAt(from + i)) != folded.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
