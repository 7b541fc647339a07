package dev.sluice.config.source;

import dev.sluice.config.crd.schema.CrdObject;
import dev.sluice.config.validate.Finding;
import java.util.List;

/**
 * What is wrong with an object by itself, beyond its schema: validation's rules of one document. Pure: the answer is kept
 * as long as the file does not change.
 */
@FunctionalInterface
public interface ObjectCheck {
    /** No further rules. */
    ObjectCheck NONE = object -> List.of();

    /**
     * The findings about an object; a blocking one keeps it out of force.
     *
     * @param object may have gaps, where its document was not what the schema asks
     */
    List<Finding> check(CrdObject object);
}
