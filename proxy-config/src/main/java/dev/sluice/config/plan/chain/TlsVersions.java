package dev.sluice.config.plan.chain;

/** Versions of TLS that are spoken, from {@code min} to {@code max}. */
public record TlsVersions(Version min, Version max) {
    /** TLS 1.2 and 1.3. */
    public static final TlsVersions DEFAULT = new TlsVersions(Version.TLS_1_2, Version.TLS_1_3);

    /** In order. */
    public enum Version {
        TLS_1_0("TLSv1"),
        TLS_1_1("TLSv1.1"),
        TLS_1_2("TLSv1.2"),
        TLS_1_3("TLSv1.3");

        private final String javaName;

        Version(String javaName) {
            this.javaName = javaName;
        }

        /** As the JDK names it. */
        public String javaName() {
            return javaName;
        }
    }
}
