package dev.sluice.config.translate.registry;

import dev.sluice.config.plan.SourceRef;
import java.util.List;

/**
 * Where a service comes from, and who may know it.
 *
 * @param namespace of the object that declares it
 * @param name of that object
 * @param kubernetes whether that is a Kubernetes Service, rather than a ServiceEntry
 * @param exportTo who sees it, as written; empty means the mesh's default
 * @param at where it is written
 */
public record Declaration(String namespace, String name, boolean kubernetes, List<String> exportTo, SourceRef at) {
    public Declaration {
        exportTo = List.copyOf(exportTo);
    }
}
