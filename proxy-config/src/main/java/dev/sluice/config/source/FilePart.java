package dev.sluice.config.source;

import dev.sluice.config.crd.read.FileContent;
import dev.sluice.config.crd.read.ReadObject;
import dev.sluice.config.crd.schema.CrdObject;
import dev.sluice.config.plan.words.SourcePart;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some whole documents of a file, as they were read.
 *
 * @param place where they are; what they gave finds itself by it
 * @param length in bytes
 * @param hash of the bytes
 * @param lines how many lines end in it
 * @param content what they say
 * @param source their text, for objects to be lean; null where that is of no use
 */
record FilePart(SourcePart place, int length, long hash, int lines, FileContent content, @Nullable SourceFile source) {
    /**
     * Whether all that was made of it is still right when lines come or go before it: findings name their lines in words, and
     * what is said of the mesh is merged with what other files say.
     */
    boolean isMovable() {
        if (!content.findings().isEmpty()) {
            return false;
        }
        for (ReadObject read : content.objects()) {
            CrdObject object = read.object();
            if (LastGood.isOfMesh(object)) {
                return false;
            }
        }
        return true;
    }

    FilePart withoutSource() {
        return source == null ? this : new FilePart(place, length, hash, lines, content, null);
    }

    /** The same with objects that are lean; those that cannot be need no text. */
    FilePart lean(Leaner leaner) {
        if (source == null || source.isPacked()) {
            return this;
        }
        List<ReadObject> objects = leaner.lean(content.objects(), source);
        return objects == null
                ? withoutSource()
                : new FilePart(place, length, hash, lines, content.with(objects), source);
    }
}
