package dev.sluice.config.plan.chain;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A Secret of the configuration that a chain or a cluster may name. Prints its keys, never its values. */
public final class SecretPlan {
    private final CredentialPlan.Named id;
    private final Map<String, byte[]> values;

    /** @param values by key, such as {@code tls.crt}, {@code tls.key}, {@code ca.crt}, {@code ca.crl}; not changed later */
    public SecretPlan(CredentialPlan.Named id, Map<String, byte[]> values) {
        this.id = id;
        this.values = new LinkedHashMap<>(values);
    }

    /** Its name. */
    public CredentialPlan.Named id() {
        return id;
    }

    /** The bytes under {@code key}, a copy; null where there are none. */
    public byte @Nullable [] value(String key) {
        byte[] value = values.get(key);
        return value == null ? null : value.clone();
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof SecretPlan that)
                || !id.equals(that.id)
                || !values.keySet().equals(that.values.keySet())) {
            return false;
        }
        for (Map.Entry<String, byte[]> value : values.entrySet()) {
            if (!Arrays.equals(value.getValue(), that.values.get(value.getKey()))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    @Override
    public String toString() {
        return "Secret " + id + " " + values.keySet();
    }
}
