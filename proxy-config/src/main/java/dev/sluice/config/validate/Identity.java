package dev.sluice.config.validate;

import java.util.Map;

/**
 * The workload that a configuration is looked at for. Immutable.
 *
 * @param namespace its namespace
 * @param labels its labels; with none given every Gateway selector takes it
 */
public record Identity(String namespace, Map<String, String> labels) {
    public Identity {
        labels = Map.copyOf(labels);
    }
}
