package dev.sluice.config.plan.chain;

/** Where a certificate chain and its private key are. */
public sealed interface CredentialPlan {
    /**
     * By a credential's name: {@code --certs DIR/name/tls.crt} and {@code tls.key}, else a Secret of the configuration.
     *
     * @param namespace whose Secrets are meant
     */
    record Named(String namespace, String name) implements CredentialPlan {
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
        public String toString() {
            return certificate;
        }
    }
}
