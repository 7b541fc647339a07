package dev.sluice.config.translate.tls;

import dev.sluice.config.crd.kube.KubeSecret;
import dev.sluice.config.crd.read.CrdSet;
import dev.sluice.config.plan.chain.CredentialPlan.Named;
import dev.sluice.config.plan.chain.SecretPlan;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Names of credentials, and the Secrets behind those that are named. Used by one compilation. */
public final class Credentials {
    /** The workload's own, as Istio's agent calls it. */
    private static final String WORKLOAD = "default";

    private static final String CA_SUFFIX = "-cacert";
    private static final List<String> KEYS =
            List.of("tls.crt", "tls.key", "ca.crt", "ca.crl", "cert", "key", "cacert", "crl");
    private static final String KUBERNETES = "kubernetes://";
    private static final String CONFIG_MAP = "configmap://";
    private static final String KUBERNETES_GATEWAY = "kubernetes-gateway://";

    private final CrdSet set;
    private final String namespace;
    private final Map<Named, SecretPlan> secrets = new LinkedHashMap<>();

    /** @param namespace the proxy's: Istio looks for a Gateway's Secrets there */
    public Credentials(CrdSet set, String namespace) {
        this.set = set;
        this.namespace = namespace;
    }

    /**
     * The credential that a {@code credentialName} means.
     *
     * @param owner namespace of the object that says it: a Secret is taken from there where the proxy's namespace has none
     */
    Named named(String written, String owner) {
        String name = written;
        String of = null;
        if (written.startsWith(KUBERNETES_GATEWAY)) {
            name = written.substring(KUBERNETES_GATEWAY.length());
            int slash = name.indexOf('/');
            if (slash > 0) {
                of = name.substring(0, slash);
                name = name.substring(slash + 1);
            }
        } else if (written.startsWith(KUBERNETES)) {
            name = written.substring(KUBERNETES.length());
        } else if (written.startsWith(CONFIG_MAP)) {
            // Of its owner's namespace, or it was refused: a folder of --certs has no namespaces.
            name = written.substring(written.lastIndexOf('/') + 1);
        }
        if (of == null) {
            of = has(namespace, name) || !has(owner, name) ? namespace : owner;
        }
        collect(of, name);
        collect(of, name + CA_SUFFIX);
        return new Named(of, name);
    }

    /** What this workload shows in a mesh. */
    Named workload() {
        return named(WORKLOAD, namespace);
    }

    private boolean has(String in, String name) {
        return set.find(KubeSecret.class, in, name) != null || set.find(KubeSecret.class, in, name + CA_SUFFIX) != null;
    }

    private void collect(String in, String name) {
        KubeSecret secret = set.find(KubeSecret.class, in, name);
        if (secret == null) {
            return;
        }
        Map<String, byte[]> values = new HashMap<>();
        for (String key : KEYS) {
            byte[] value = secret.value(key);
            if (value != null) {
                values.put(key, value);
            }
        }
        Named id = new Named(in, name);
        secrets.put(id, new SecretPlan(id, values));
    }

    /** Secrets that were named so far. */
    public List<SecretPlan> secrets() {
        return List.copyOf(secrets.values());
    }
}
