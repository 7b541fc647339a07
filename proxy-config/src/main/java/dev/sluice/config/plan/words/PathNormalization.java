package dev.sluice.config.plan.words;

import org.jspecify.annotations.Nullable;

/** MeshConfig.pathNormalization.normalization (spec/istio-fields.md §7). */
public enum PathNormalization {
    /** Paths are matched and forwarded as received. */
    NONE,
    /** RFC 3986 dot segments and unreserved percent-decoding, backslash to slash (Istio's DEFAULT and BASE). */
    BASE,
    /** BASE, then runs of slashes become one. */
    MERGE_SLASHES,
    /** %2F and %5C are decoded first, then MERGE_SLASHES. */
    DECODE_AND_MERGE_SLASHES;

    /** The one of Istio's name; BASE for DEFAULT and for none. */
    public static PathNormalization named(@Nullable String name) {
        return name == null || name.equals("DEFAULT") ? BASE : valueOf(name);
    }
}
