package dev.sluice.proxy.app.options;

/** What the quick readers of a command line take for themselves, because picocli would read it in the same way. */
final class PlainWord {
    private static final int MAX_DIGITS = 6;

    private PlainWord() {}

    /** Whether {@code value} is a value whatever comes before it: no option, no file of arguments, nothing quoted, not empty. */
    static boolean is(String value) {
        return value.equals("-") || (!value.isEmpty() && "-@\"'".indexOf(value.charAt(0)) < 0);
    }

    /** Whether {@code value} is a whole number of few digits, without a sign. */
    static boolean isNumber(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) < '0' || value.charAt(i) > '9') {
                return false;
            }
        }
        return !value.isEmpty() && value.length() <= MAX_DIGITS;
    }
}
