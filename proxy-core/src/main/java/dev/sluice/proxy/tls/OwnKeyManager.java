package dev.sluice.proxy.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Shows one certificate, to whomever takes its kind of key. The Java runtime's own looks through a key store and judges the
 * chain anew in each handshake, which here was done when it was read. Immutable; the same arrays each time, by which Netty
 * knows that what it made of them is still good.
 */
final class OwnKeyManager extends X509ExtendedKeyManager {
    private static final String ALIAS = "own";
    private static final String[] ALIASES = {ALIAS};

    private final X509Certificate[] chain;
    private final PrivateKey key;

    OwnKeyManager(Credential credential) {
        this.chain = credential.chain();
        this.key = credential.key();
    }

    /** @param keyType RSA, EC, or {@code EC_} and the kind of key that signed it */
    private @Nullable String alias(@Nullable String keyType) {
        String own = key.getAlgorithm();
        boolean fits = own.equals(keyType) || (own.equals("EC") && keyType != null && keyType.startsWith("EC_"));
        return fits ? ALIAS : null;
    }

    private @Nullable String alias(String @Nullable [] keyTypes) {
        if (keyTypes != null) {
            for (String keyType : keyTypes) {
                if (alias(keyType) != null) {
                    return ALIAS;
                }
            }
        }
        return null;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            @Nullable String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        // Asked by the cipher suites up to TLS 1.2, which may be for another kind of key; with TLS 1.3 it will do all
        // the same.
        return ALIAS;
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String @Nullable [] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return alias(keyTypes);
    }

    @Override
    public @Nullable String chooseServerAlias(
            @Nullable String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return alias(keyType);
    }

    @Override
    public @Nullable String chooseClientAlias(
            String @Nullable [] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return alias(keyTypes);
    }

    @Override
    public String @Nullable [] getServerAliases(@Nullable String keyType, Principal @Nullable [] issuers) {
        return alias(keyType) == null ? null : ALIASES.clone();
    }

    @Override
    public String @Nullable [] getClientAliases(@Nullable String keyType, Principal @Nullable [] issuers) {
        return alias(keyType) == null ? null : ALIASES.clone();
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(@Nullable String alias) {
        return ALIAS.equals(alias) ? chain : null;
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(@Nullable String alias) {
        return ALIAS.equals(alias) ? key : null;
    }
}
