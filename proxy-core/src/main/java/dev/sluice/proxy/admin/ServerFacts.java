package dev.sluice.proxy.admin;

import java.util.Map;

/**
 * What a process is; nothing here changes while it runs.
 *
 * @param version of Sluice
 * @param jdk it runs on
 * @param transport how bytes are moved: epoll, nio, …
 * @param workers event loops
 * @param startedMillis wall clock, milliseconds since the epoch
 * @param namespace of the workload
 * @param labels of the workload
 */
public record ServerFacts(
        String version,
        String jdk,
        String transport,
        int workers,
        long startedMillis,
        String namespace,
        Map<String, String> labels) {
    public ServerFacts {
        labels = Map.copyOf(labels);
    }
}
