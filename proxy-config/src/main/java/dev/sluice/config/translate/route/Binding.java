package dev.sluice.config.translate.route;

/**
 * What routes are made for.
 *
 * @param gateway {@code ns/name} of a Gateway, or {@code mesh}
 * @param port of the server or service; also the default port of destinations
 */
public record Binding(String gateway, int port) {}
