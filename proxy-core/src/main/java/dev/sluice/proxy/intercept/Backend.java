package dev.sluice.proxy.intercept;

import dev.sluice.proxy.intercept.rule.RuleSet;
import java.util.List;

/** One of the ways into the kernel's tables. */
interface Backend {
    /** As {@code --backend} spells it. */
    String name();

    /** Whether its tables can be read: its tools are here, the kernel has them, and the privilege suffices. */
    boolean usable() throws InterceptionException;

    /**
     * Replaces what is installed by {@code sets}; families without a set are cleaned.
     *
     * @param undo gets what leads back to what was there before, before each change
     */
    void apply(List<RuleSet> sets, Undo undo) throws InterceptionException;

    /** Removes every rule and chain of ours; whether there was any. */
    boolean clean() throws InterceptionException;
}
