package dev.sluice.config.crd.schema;

/** Whose JSON a document is: the two differ in small things. */
public enum Dialect {
    /** Istio's: the proto spelling of a field is taken too, a null in a map is an error. */
    PROTO,
    /** Kubernetes' own: fields have one spelling, a null in a map of strings is an empty string, as in Go. */
    KUBERNETES
}
