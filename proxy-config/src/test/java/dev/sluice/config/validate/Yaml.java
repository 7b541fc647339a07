package dev.sluice.config.validate;

/** The YAML around what a row is about. */
public final class Yaml {
    private Yaml() {}

    /** An object of namespace {@code shop} with this spec. */
    public static String spec(String kind, String spec) {
        return "apiVersion: networking.istio.io/v1\nkind: " + kind + "\nmetadata: {name: x, namespace: shop}\nspec:\n"
                + indent(2, spec);
    }

    /** A VirtualService for {@code a.com} with this rule under http. */
    public static String http(String rule) {
        return spec("VirtualService", "hosts: [a.com]\nhttp:\n-\n" + indent(2, rule));
    }

    /** The same, with rules under http, one an argument. */
    public static String rules(String... rules) {
        StringBuilder spec = new StringBuilder("hosts: [a.com]\nhttp:\n");
        for (String rule : rules) {
            spec.append("-\n").append(indent(2, rule));
        }
        return spec("VirtualService", spec.toString());
    }

    /** The same, with one match block. */
    public static String match(String match) {
        return http("match:\n-\n" + indent(2, match) + "route: [{destination: {host: b}}]");
    }

    private static String indent(int by, String text) {
        String margin = " ".repeat(by);
        return margin + text.strip().replace("\n", "\n" + margin) + "\n";
    }
}
