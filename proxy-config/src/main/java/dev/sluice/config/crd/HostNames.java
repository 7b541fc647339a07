package dev.sluice.config.crd;

import dev.sluice.config.plan.words.WildcardHost;
import java.util.Comparator;
import java.util.Locale;

/**
 * The algebra of Istio's host names (spec §0.1 and §0.2; {@code pkg/config/host} and {@code
 * ResolveShortnameToFQDN} of istio). A wildcard is a leading {@code *}, what follows is a literal suffix: {@code
 * *.foo.com} covers {@code a.b.foo.com} and not {@code foo.com}; {@code *-x.foo.com} and {@code *} are wildcards too.
 *
 * <p>Relations compare letter by letter; hosts from {@link #expand} are lower-cased, so both sides should be.
 */
public final class HostNames {
    /** The domain of Kubernetes' services unless an installation says otherwise. */
    public static final String CLUSTER_DOMAIN = "cluster.local";
    /** The gateway name that stands for all sidecars. */
    public static final String MESH = "mesh";

    /** Most specific first: no wildcard before wildcard, longer before shorter, then by the alphabet. */
    public static final Comparator<String> MOST_SPECIFIC_FIRST = HostNames::compareSpecificity;

    private HostNames() {}

    /** By hand: comparators that are composed are linked at run time, which every start would pay for. */
    private static int compareSpecificity(String one, String other) {
        int order = Boolean.compare(isWildcard(one), isWildcard(other));
        if (order == 0) {
            order = Integer.compare(other.length(), one.length());
        }
        return order != 0 ? order : one.compareTo(other);
    }

    /**
     * The full name, lower-cased, of a host as a rule names it: a name without a dot is a service of the rule's own
     * namespace. {@code *}, IP literals and names with any dot are kept, so {@code reviews.prod} is not expanded.
     *
     * @param namespace of the rule; where empty it is left out
     * @param domain of the cluster's services; where empty, only the namespace is added
     */
    public static String expand(String host, String namespace, String domain) {
        String name = host.toLowerCase(Locale.ROOT);
        if (name.isEmpty() || name.equals("*") || name.indexOf('.') >= 0 || name.indexOf(':') >= 0) {
            return name;
        }
        String full = namespace.isEmpty() ? name : name + "." + namespace;
        return domain.isEmpty() ? full : full + ".svc." + domain;
    }

    /** {@link #expand(String, String, String)} in the {@linkplain #CLUSTER_DOMAIN usual domain}. */
    public static String expand(String host, String namespace) {
        return expand(host, namespace, CLUSTER_DOMAIN);
    }

    /**
     * {@code namespace/name} of a gateway as a rule names it: {@code ns/name}, {@code ./name}, {@code name} (the rule's
     * own namespace), or the legacy {@code name.ns.svc…}; {@value #MESH} is kept.
     */
    public static String gateway(String reference, String namespace) {
        int slash = reference.indexOf('/');
        if (slash >= 0) {
            return reference.startsWith("./") ? namespace + reference.substring(slash) : reference;
        }
        if (reference.equals(MESH)) {
            return reference;
        }
        int dot = reference.indexOf('.');
        if (dot < 0) {
            return namespace + "/" + reference;
        }
        int end = reference.indexOf('.', dot + 1);
        return reference.substring(dot + 1, end < 0 ? reference.length() : end) + "/" + reference.substring(0, dot);
    }

    /** Whether the name begins with {@code *}. */
    public static boolean isWildcard(String host) {
        return !host.isEmpty() && host.charAt(0) == '*';
    }

    /** Whether every name that {@code narrow} stands for is one of {@code wide}'s. */
    public static boolean subsetOf(String narrow, String wide) {
        if (!isWildcard(wide)) {
            return narrow.equals(wide);
        }
        // A star is a character of what a wildcard stands for; a name may be the ending alone.
        return WildcardHost.covers(wide, narrow, isWildcard(narrow) ? 1 : 0);
    }

    /** {@link #subsetOf} seen from the other side. */
    public static boolean covers(String wide, String narrow) {
        return subsetOf(narrow, wide);
    }

    /** Whether one of the two covers the other. */
    public static boolean matches(String a, String b) {
        return subsetOf(a, b) || subsetOf(b, a);
    }
}
