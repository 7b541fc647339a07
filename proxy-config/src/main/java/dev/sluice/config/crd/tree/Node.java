package dev.sluice.config.crd.tree;

import dev.sluice.config.plan.SourceRef;

/**
 * A piece of YAML with the place it was written at: aliases and merge keys are resolved, comments and styles are gone.
 *
 * <p>Immutable. Equality is of content, not of place: two nodes are equal when they would be the same JSON (the order
 * of keys does not count), which is what "an identical match block" means to a validator. A subtree that YAML aliases
 * name several times is one object here, at the place of its anchor.
 */
public sealed interface Node permits MapNode, ListNode, ScalarNode {
    /** Where this begins, as the file is now. */
    Location location();

    /** What this is, for messages: "an object", "a list", "a string", "an integer", "a number", "a boolean", "null". */
    String describe();

    /** {@link #location()} in the form that plans carry, which follows the file. */
    SourceRef ref();
}
