package dev.sluice.config.validate.rule;

/**
 * The codes of findings that validation makes, beside those that {@code Finding} names. {@code IST…} are Istio's own, in
 * their meaning; {@code SLC01…} warn of what Istio accepts although it has no effect. docs/findings.md explains each.
 */
public final class Codes {
    public static final String DEPRECATED = "IST0002";
    public static final String NOT_FOUND = "IST0101";
    public static final String MESH_HOST_CONFLICT = "IST0109";
    public static final String SIDECAR_SELECTOR_CONFLICT = "IST0110";
    public static final String SEVERAL_DEFAULT_SIDECARS = "IST0111";
    public static final String PORT_REQUIRED = "IST0112";
    public static final String NO_CA_FOR_HOST = "IST0128";
    public static final String NO_CA_FOR_PORT = "IST0129";
    public static final String UNREACHABLE_RULE = "IST0130";
    public static final String INEFFECTIVE_MATCH = "IST0131";
    public static final String HOST_NOT_IN_GATEWAY = "IST0132";
    public static final String VALIDATION_WARNING = "IST0133";
    public static final String ADDRESSES_REQUIRED = "IST0134";
    public static final String DUPLICATE_CERTIFICATE = "IST0138";
    public static final String INGRESS_RULES_WITHOUT_EFFECT = "IST0140";
    public static final String GATEWAY_CONFLICT = "IST0145";
    public static final String CLAIM_WITHOUT_AUTHENTICATION = "IST0149";
    public static final String GATEWAY_PORT_NOT_ON_SERVICE = "IST0162";
    public static final String INTERNAL_GATEWAY = "IST0165";
    public static final String EMPTY_SUBSET = "IST0173";
    public static final String UNKNOWN_RULE_HOST = "IST0174";
    public static final String PROTOCOL_CONFLICT = "IST0177";

    /** A try may take as long as all tries together. */
    public static final String TRY_TIMEOUT = "SLC0101";
    /** Consistent hashing that has nothing to hash. */
    public static final String NO_HASH_KEY = "SLC0102";
    /** Outlier detection that can eject nobody. */
    public static final String NEVER_EJECTS = "SLC0103";
    /** A rule behind one that takes every request. */
    public static final String BEHIND_CATCH_ALL = "SLC0104";
    /** A fault that never happens. */
    public static final String NO_FAULT = "SLC0105";
    /** A setting that does nothing where it stands. */
    public static final String NO_EFFECT = "SLC0106";
    /** A redirect code that makes a rule without an answer. */
    public static final String DEAD_REDIRECT = "SLC0107";
    /** An annotation of Sluice's that there is not, or not on this kind. */
    public static final String UNKNOWN_ANNOTATION = "SLC0108";
    /** An annotation or another setting of Sluice's own with a value that it does not take. */
    public static final String BAD_ANNOTATION = "SLC0109";
    /** A host that none of the gateways takes. */
    public static final String UNSERVED_HOST = "SLC0111";
    /** A match for a gateway that the VirtualService is not bound to. */
    public static final String UNBOUND_GATEWAY = "SLC0113";
    /** A command operator that the proxy does not know. */
    public static final String UNKNOWN_OPERATOR = "SLC0114";
    /** A rewrite that makes a path which cannot be sent. */
    public static final String UNSENDABLE_PATH = "SLC0120";
    /** Settings of TLS that no client can meet. */
    public static final String NO_CLIENT = "SLC0121";
    /** A rule that hands on to a VirtualService which cannot take what it gives. */
    public static final String NO_DELEGATE = "SLC0122";
    /** A path to match that no request has. */
    public static final String UNKNOWN_PATH = "SLC0123";
    /** A server for whose hosts there are rules, and none of the sort that it looks at. */
    public static final String NO_RULE_OF_THE_SORT = "SLC0124";

    private Codes() {}
}
