package dev.sluice.config.plan;

/**
 * How it is told what is spoken on a port that nobody declared the protocol of.
 *
 * @param silenceMillis how long a client may stay silent before its connection counts as one whose server speaks first; 0
 *     waits for ever
 */
public record DetectionPlan(long silenceMillis) {}
