package dev.sluice.proxy.admin.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/** The secret of {@code --admin-token}; kept as its digest, so that no dump of the heap or of an object shows it. */
public final class AdminToken {
    private static final String SCHEME = "Bearer ";

    private final byte[] digest;

    private AdminToken(byte[] digest) {
        this.digest = digest;
    }

    /**
     * @param text of the file; blanks and line ends around it are no part of it
     * @throws IllegalArgumentException when nothing is left
     */
    public static AdminToken of(String text) {
        String token = text.strip();
        if (token.isEmpty()) {
            throw new IllegalArgumentException("the admin token is empty");
        }
        return new AdminToken(sha256(token));
    }

    /** Whether the value of {@code Authorization} carries it. Takes the same time for every wrong one. */
    boolean isIn(@Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return false;
        }
        return MessageDigest.isEqual(
                digest, sha256(authorization.substring(SCHEME.length()).strip()));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
