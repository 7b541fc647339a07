package dev.sluice.config.validate.world;

import dev.sluice.config.crd.schema.CrdObject;
import java.util.List;
import java.util.Set;

/**
 * A service as far as references to it need to know it.
 *
 * @param object the Service or ServiceEntry
 * @param host its full name, lower-cased; a wildcard in some ServiceEntries
 * @param scopes the namespaces that see it ({@link Scopes})
 * @param ports their numbers
 */
public record Service(CrdObject object, String host, Set<String> scopes, List<Long> ports) {
    /** The namespace of its document. */
    public String namespace() {
        return object.metadata().namespace();
    }

    /** Whether a document in {@code namespace} may refer to it. */
    public boolean isVisibleIn(String namespace) {
        return Scopes.contains(scopes, namespace);
    }

    /** Whether it has a port of that number. */
    public boolean hasPort(long number) {
        return ports.contains(number);
    }

    /** {@code 80, 443}. */
    public String portNumbers() {
        StringBuilder out = new StringBuilder();
        for (Long port : ports) {
            out.append(out.length() == 0 ? "" : ", ").append(port);
        }
        return out.toString();
    }
}
