package dev.sluice.proxy.routing;

/** Why no route takes a request. */
public enum Unrouted implements Routing {
    /** No virtual host covers the host; what happens is the table's {@code unknownHost}. */
    NO_VIRTUAL_HOST,
    /** A virtual host does and none of its routes matches; there is no fallback: 404. */
    NO_ROUTE,
    /** The path cannot be normalised: 400. */
    BAD_PATH,
    /** The virtual host is for https only: 301. */
    HTTPS_REDIRECT
}
