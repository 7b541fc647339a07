package dev.sluice.config.crd.tree;

/** The two spellings of a protobuf field: {@code snake_case} in the proto file, lowerCamelCase in JSON. */
public final class ProtoNames {
    private ProtoNames() {}

    /**
     * The JSON name of a proto field name: underscores go, the letter after each is raised (protobuf's own rule). What no
     * proto file would name a field, such as {@code http_} or {@code allow_Origins}, stays as it is.
     */
    public static String json(String name) {
        if (name.indexOf('_') < 0 || !isProto(name)) {
            return name;
        }
        StringBuilder out = new StringBuilder(name.length());
        boolean raise = false;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '_') {
                raise = true;
            } else {
                out.append(raise && c >= 'a' && c <= 'z' ? (char) (c - 32) : c);
                raise = false;
            }
        }
        return out.toString();
    }

    /** Lower case, and single underscores with something on both sides. */
    private static boolean isProto(String name) {
        char before = '_';
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if ((c >= 'A' && c <= 'Z') || (c == '_' && before == '_')) {
                return false;
            }
            before = c;
        }
        return before != '_';
    }
}
