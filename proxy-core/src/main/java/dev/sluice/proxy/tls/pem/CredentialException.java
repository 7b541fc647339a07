package dev.sluice.proxy.tls.pem;

import org.jspecify.annotations.Nullable;

/** A certificate, key or list of authorities cannot be used. The message is for the user and holds no key material. */
public final class CredentialException extends Exception {
    public CredentialException(String message) {
        super(message);
    }

    public CredentialException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
