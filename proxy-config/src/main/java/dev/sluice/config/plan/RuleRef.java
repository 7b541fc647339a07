package dev.sluice.config.plan;

import org.jspecify.annotations.Nullable;

/**
 * The user's own name for a route: which rule of which VirtualService it was compiled from.
 *
 * @param virtualService {@code ns/name} of the object that holds the rule (the delegate's for a delegate's rule); empty
 *     for a route that no VirtualService asked for (a service's default route)
 * @param index position in that object's {@code http} list, from 0; -1 for a default route
 * @param matchIndex position of the match block in the rule, from 0; -1 when the rule has no match
 * @param name the rule's name with the match's name appended as Istio does, if any
 * @param at where the rule is written
 */
public record RuleRef(String virtualService, int index, int matchIndex, @Nullable String name, SourceRef at) {
    /** A service's own route, made because no VirtualService takes it. */
    public static final RuleRef DEFAULT = new RuleRef("", -1, -1, "default", SourceRef.NONE);

    /** Written out: the one that a record has by itself is linked at its first use, some milliseconds of each start. */
    @Override
    public int hashCode() {
        return (virtualService.hashCode() * 31 + index) * 31 + matchIndex;
    }
}
