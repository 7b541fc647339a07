package dev.sluice.proxy.telemetry;

import java.util.Locale;
import java.util.Set;

/** Headers whose values are credentials: no log and no dump shows them (spec/reliability.md E10). */
public final class Secrets {
    /** Stands where a credential was. */
    public static final String REDACTED = "[redacted]";

    private static final Set<String> NAMES = Set.of(
            "authorization",
            "cookie",
            "proxy-authorization",
            "set-cookie",
            "x-amz-security-token",
            "x-api-key",
            "x-auth-token",
            "x-csrf-token",
            "x-forwarded-access-token",
            "x-forwarded-client-cert",
            "x-sluice-admin-token",
            "x-xsrf-token");

    private Secrets() {}

    /** Whether values of this header are credentials; the case of {@code headerName} does not matter. */
    public static boolean isSecret(String headerName) {
        return NAMES.contains(headerName.toLowerCase(Locale.ROOT));
    }
}
