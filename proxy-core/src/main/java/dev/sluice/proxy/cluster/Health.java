package dev.sluice.proxy.cluster;

/** What outlier detection has made of an endpoint (spec/istio-fields.md §12.10). */
public enum Health {
    /** Takes its full share. */
    HEALTHY("healthy"),
    /** Takes nothing outside panic. */
    EJECTED("ejected"),
    /** Came back and takes a part of its share until it has answered. */
    HALF_OPEN("half-open");

    private final String text;

    Health(String text) {
        this.text = text;
    }

    /** As the admin port shows it. */
    public String text() {
        return text;
    }

    /** Whether it may be picked outside panic. */
    public boolean isUsable() {
        return this != EJECTED;
    }
}
