package dev.sluice.config.validate.world;

import dev.sluice.config.crd.tree.Quote;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What somebody meant who named a host that is not there: another name of the same domain, else the same name of another
 * domain. Whole names are not compared, for most of their letters are the domain's.
 */
public final class NearHosts {
    private final Map<String, Set<String>> namesByDomain = new HashMap<>();
    private final Map<String, Set<String>> domainsByName = new HashMap<>();
    private final Hints hints;

    /** @param hosts every host that there is */
    NearHosts(Iterable<String> hosts, Hints hints) {
        this.hints = hints;
        for (String host : hosts) {
            String domain = domain(host);
            if (!domain.isEmpty()) {
                String name = name(host);
                namesByDomain
                        .computeIfAbsent(domain, key -> new LinkedHashSet<>())
                        .add(name);
                domainsByName
                        .computeIfAbsent(name, key -> new LinkedHashSet<>())
                        .add(domain);
            }
        }
    }

    /**
     * The end of a sentence about a host that is not there; empty where nothing is near.
     *
     * @param written as it is written: a name without a dot is answered in kind
     * @param host in full
     */
    public String didYouMean(String written, String host) {
        String domain = domain(host);
        String name = near(domain, name(host));
        if (name != null) {
            String meant = written.indexOf('.') < 0 ? name : name + "." + domain;
            return "; did you mean " + Quote.of(meant) + "?";
        }
        for (String other : domainsByName.getOrDefault(name(host), Set.of())) {
            return "; there is " + Quote.of(name(host) + "." + other);
        }
        return "";
    }

    private @Nullable String near(String domain, String name) {
        Set<String> names = namesByDomain.getOrDefault(domain, Set.of());
        return names.isEmpty() ? null : hints.near("host:" + domain, names, name);
    }

    private static String name(String host) {
        int dot = host.indexOf('.');
        return dot < 0 ? host : host.substring(0, dot);
    }

    private static String domain(String host) {
        int dot = host.indexOf('.');
        return dot < 0 ? "" : host.substring(dot + 1);
    }
}
