package dev.sluice.config.plan;

import dev.sluice.config.plan.policy.HeaderPlan;

/**
 * One rule of one match block: when it takes a request and what happens then.
 *
 * @param rule the user's name for it
 * @param match all conditions, AND-ed
 * @param action exactly one of forward, redirect, direct answer
 * @param headers operations of the route level (destination level ones are in {@link DestinationPlan})
 */
public record RoutePlan(RuleRef rule, MatchPlan match, RouteActionPlan action, HeaderPlan headers) {
    /** Of the rule alone, which hardly two routes of a host share: the whole plan is deep, and many are hashed. */
    @Override
    public int hashCode() {
        return rule.hashCode();
    }
}
