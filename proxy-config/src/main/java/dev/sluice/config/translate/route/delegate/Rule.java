package dev.sluice.config.translate.route.delegate;

import dev.sluice.config.crd.HttpRoute;
import dev.sluice.config.crd.VirtualService;
import dev.sluice.config.plan.SourceRef;
import org.jspecify.annotations.Nullable;

/**
 * A rule once delegates are merged in.
 *
 * @param holder the VirtualService that holds it: the delegate for a delegate's rule
 * @param index in the holder's {@code http} list
 * @param route what holds, inherited parts included
 * @param root the VirtualService that delegates here; the holder where nobody does
 * @param dropped why it never runs; null as a rule
 */
public record Rule(VirtualService holder, int index, HttpRoute route, VirtualService root, @Nullable Dropped dropped) {
    /**
     * Why a rule never runs.
     *
     * @param predicate the field
     * @param reason one sentence
     */
    public record Dropped(String predicate, String reason, SourceRef at) {}

    /** What its short names belong to. */
    public String namespace() {
        return holder.metadata().namespace();
    }

    /** The annotation of the holder, else of the root; or null. */
    public @Nullable String annotation(String key) {
        String own = holder.metadata().annotation(key);
        return own == null ? root.metadata().annotation(key) : own;
    }
}
