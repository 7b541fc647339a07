package dev.sluice.config.validate.cross;

import dev.sluice.config.crd.schema.CrdObject;
import dev.sluice.config.validate.text.PortProtocol;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A service as far as references to it need to know it.
 *
 * @param object the Service or ServiceEntry
 * @param host its full name, lower-cased; a wildcard in some ServiceEntries
 * @param scopes the namespaces that see it ({@link Scopes})
 */
record Service(CrdObject object, String host, Set<String> scopes, List<Port> ports) {
    /** @param protocol null where it is not said */
    record Port(long number, @Nullable PortProtocol protocol) {}

    String namespace() {
        return object.metadata().namespace();
    }

    boolean isVisibleIn(String namespace) {
        return Scopes.contains(scopes, namespace);
    }

    boolean hasPort(long number) {
        return ports.stream().anyMatch(port -> port.number() == number);
    }

    /** {@code 80, 443}. */
    String portNumbers() {
        StringBuilder out = new StringBuilder();
        for (Port port : ports) {
            out.append(out.length() == 0 ? "" : ", ").append(port.number());
        }
        return out.toString();
    }
}
