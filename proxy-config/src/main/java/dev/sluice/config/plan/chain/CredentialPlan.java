package dev.sluice.config.plan.chain;

import org.jspecify.annotations.Nullable;

/** Where a certificate chain and its private key are. */
public sealed interface CredentialPlan {
    /**
     * By a credential's name: {@code --certs DIR/name/tls.crt} and {@code tls.key}, else a Secret of the configuration.
     *
     * @param namespace whose Secrets are meant
     */
    record Named(String namespace, String name) implements CredentialPlan {
        // Written out: what a record has by itself is linked at its first use, milliseconds of each start.
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Named named && name.equals(named.name) && namespace.equals(named.namespace);
        }

        @Override
        public int hashCode() {
            return 31 * namespace.hashCode() + name.hashCode();
        }

        @Override
        public String toString() {
            return namespace + "/" + name;
        }
    }

    /**
     * PEM files.
     *
     * @param certificate path of the chain, leaf first
     * @param privateKey path of the key, PKCS #8
     */
    record Files(String certificate, String privateKey) implements CredentialPlan {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Files files
                    && certificate.equals(files.certificate)
                    && privateKey.equals(files.privateKey);
        }

        @Override
        public int hashCode() {
            return 31 * certificate.hashCode() + privateKey.hashCode();
        }

        @Override
        public String toString() {
            return certificate;
        }
    }
}
