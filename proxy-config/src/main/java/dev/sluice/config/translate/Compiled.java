package dev.sluice.config.translate;

import dev.sluice.config.plan.ProxyPlan;
import dev.sluice.config.validate.Finding;
import java.util.List;

/**
 * What a configuration comes to for one proxy.
 *
 * @param plan the compiled configuration
 * @param notices what valid configuration is not in it and why (codes {@code SLC0301}, {@code SLC0302}), in order of file
 *     and line
 */
public record Compiled(ProxyPlan plan, List<Finding> notices) {
    public Compiled {
        notices = List.copyOf(notices);
    }
}
