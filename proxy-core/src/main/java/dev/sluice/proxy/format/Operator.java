package dev.sluice.proxy.format;

/** One compiled command operator. Immutable. */
@FunctionalInterface
interface Operator {
    /** Appends its value, if there is one; false, with nothing appended, when it is missing. */
    boolean append(FormatSource source, StringBuilder to);

    /** Cuts the value to {@code length} chars. */
    default Operator cutTo(int length) {
        return (source, to) -> {
            int start = to.length();
            boolean present = append(source, to);
            if (to.length() - start > length) {
                to.setLength(start + length);
            }
            return present;
        };
    }
}
