package dev.sluice.proxy.cluster;

/**
 * A name among a cluster's endpoints that DNS does not answer at present.
 *
 * @param name as the configuration writes it
 * @param reason one sentence
 * @param stale whether addresses of an earlier answer are still used
 */
public record FailingName(String name, String reason, boolean stale) {}
