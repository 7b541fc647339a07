package dev.sluice.config.validate.world;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who sees an object: {@code exportTo} with its defaults (spec §0.4). */
public final class Scopes {
    /** Every namespace. */
    public static final String EVERYWHERE = "*";

    private Scopes() {}

    /**
     * The namespaces that see an object, or only {@link #EVERYWHERE}.
     *
     * @param exportTo as written
     * @param meshDefault MeshConfig's, which stands for nothing written; empty means everywhere
     * @param own the object's namespace
     */
    public static Set<String> of(List<String> exportTo, List<String> meshDefault, String own) {
        List<String> written = exportTo.isEmpty() ? meshDefault : exportTo;
        if (written.isEmpty() || written.contains(EVERYWHERE)) {
            return Set.of(EVERYWHERE);
        }
        Set<String> scopes = new LinkedHashSet<>();
        for (String scope : written) {
            if (scope.equals(".")) {
                scopes.add(own);
            } else if (!scope.equals("~")) {
                scopes.add(scope);
            }
        }
        return scopes;
    }

    /** Whether {@code namespace} is among {@code scopes}. */
    public static boolean contains(Set<String> scopes, String namespace) {
        return scopes.contains(namespace) || scopes.contains(EVERYWHERE);
    }

    /** The items of a comma-separated annotation; empty for none. */
    public static List<String> annotation(@Nullable String value) {
        List<String> items = new ArrayList<>();
        int from = 0;
        while (value != null && from <= value.length()) {
            int comma = value.indexOf(',', from);
            int end = comma < 0 ? value.length() : comma;
            String item = value.substring(from, end).strip();
            if (!item.isEmpty()) {
                items.add(item);
            }
            from = end + 1;
        }
        return items;
    }
}
