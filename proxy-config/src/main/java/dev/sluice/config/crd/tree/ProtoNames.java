package dev.sluice.config.crd.tree;

/** The two spellings of a protobuf field: {@code snake_case} in the proto file, lowerCamelCase in JSON. */
public final class ProtoNames {
    private ProtoNames() {}

    /** The JSON name of a proto field name: underscores go, the letter after each is raised (protobuf's own rule). */
    public static String json(String name) {
        if (name.indexOf('_') < 0) {
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
}
