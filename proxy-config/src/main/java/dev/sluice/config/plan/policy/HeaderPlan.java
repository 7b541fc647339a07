package dev.sluice.config.plan.policy;

import java.util.List;
import java.util.Objects;
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

    /** Written out, as that of the records below: what the compiler makes is linked at run time, at every start. */
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof HeaderPlan plan
                        && request.equals(plan.request)
                        && response.equals(plan.response)
                        && Objects.equals(authority, plan.authority));
    }

    @Override
    public int hashCode() {
        return 31 * (31 * request.hashCode() + response.hashCode()) + Objects.hashCode(authority);
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

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other
                    || (other instanceof Operations operations
                            && remove.equals(operations.remove)
                            && set.equals(operations.set)
                            && add.equals(operations.add));
        }

        @Override
        public int hashCode() {
            return 31 * (31 * remove.hashCode() + set.hashCode()) + add.hashCode();
        }
    }

    /**
     * One header.
     *
     * @param name lower-case
     * @param value as written, with {@code %VAR%} operators
     */
    public record Entry(String name, String value) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Entry entry && name.equals(entry.name) && value.equals(entry.value);
        }

        @Override
        public int hashCode() {
            return 31 * name.hashCode() + value.hashCode();
        }
    }
}
