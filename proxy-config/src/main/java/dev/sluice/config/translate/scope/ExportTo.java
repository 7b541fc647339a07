package dev.sluice.config.translate.scope;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** For whom an object exists (spec §0.4). */
public final class ExportTo {
    /** All namespaces. */
    static final String ALL = "*";

    private static final String OWN = ".";
    private static final String NONE = "~";

    private ExportTo() {}

    /** How an object came to be seen, the stronger claim first. */
    public enum Reach {
        /** It is of the proxy's own namespace and exported to that. */
        PRIVATE,
        /** It names the proxy's namespace. */
        EXPORTED,
        /** It is exported to all. */
        PUBLIC
    }

    /**
     * How an object is seen from a namespace; null when it is not.
     *
     * @param exportTo as the object says it
     * @param defaults what holds where it says nothing
     * @param own the object's namespace
     */
    public static @Nullable Reach reach(List<String> exportTo, List<String> defaults, String own, String from) {
        List<String> to = exportTo.isEmpty() ? defaults : exportTo;
        if (to.contains(NONE)) {
            return null;
        }
        if (to.contains(ALL)) {
            return Reach.PUBLIC;
        }
        for (String namespace : to) {
            if ((namespace.equals(OWN) ? own : namespace).equals(from)) {
                return own.equals(from) ? Reach.PRIVATE : Reach.EXPORTED;
            }
        }
        return null;
    }

    /** Whether an object is seen from a namespace; parameters as in {@link #reach}. */
    public static boolean visible(List<String> exportTo, List<String> defaults, String own, String from) {
        return reach(exportTo, defaults, own, from) != null;
    }
}
