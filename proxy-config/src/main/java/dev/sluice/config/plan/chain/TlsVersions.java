package dev.sluice.config.plan.chain;

import org.jspecify.annotations.Nullable;

/** Versions of TLS that are spoken, from {@code min} to {@code max}. */
public record TlsVersions(Version min, Version max) {
    /** TLS 1.2 and 1.3. */
    public static final TlsVersions DEFAULT = new TlsVersions(Version.TLS_1_2, Version.TLS_1_3);

    // Written out: what a record has by itself is linked at its first use, milliseconds of each start.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TlsVersions versions && min == versions.min && max == versions.max;
    }

    @Override
    public int hashCode() {
        return 31 * min.hashCode() + max.hashCode();
    }

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
