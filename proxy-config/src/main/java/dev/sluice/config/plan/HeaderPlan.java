package dev.sluice.config.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Header operations of one level (route or destination), spec/istio-fields.md §1.3. The destination's run first, as a
 * whole, then the route's. Where a rule was written with a single destination, both levels are one already, at the
 * route.
 *
 * @param request on the request; never touches {@code host} or pseudo headers
 * @param response on the response
 * @param authority authority that a {@code Host} or {@code :authority} set or add of this level asks for; null when
 *     unset
 */
public record HeaderPlan(Operations request, Operations response, @Nullable String authority) {
    /** Nothing to do. */
    public static final HeaderPlan NONE = new HeaderPlan(Operations.NONE, Operations.NONE, null);

    /** Whether there is nothing to do. */
    public boolean isEmpty() {
        return request.isEmpty() && response.isEmpty() && authority == null;
    }

    /**
     * One parser's lists, applied in this order: remove, set, add. Names are lower-case.
     *
     * @param remove names
     * @param set in this order; alphabetical by name within a level
     * @param add likewise
     */
    public record Operations(List<String> remove, List<Entry> set, List<Entry> add) {
        /** Nothing to do. */
        public static final Operations NONE = new Operations(List.of(), List.of(), List.of());

        public Operations {
            remove = List.copyOf(remove);
            set = List.copyOf(set);
            add = List.copyOf(add);
        }

        /** Whether there is nothing to do. */
        public boolean isEmpty() {
            return remove.isEmpty() && set.isEmpty() && add.isEmpty();
        }
    }

    /**
     * One header.
     *
     * @param name lower-case
     * @param value as written, with {@code %VAR%} operators
     */
    public record Entry(String name, String value) {}
}
