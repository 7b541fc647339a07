package dev.sluice.config.source;

import dev.sluice.config.crd.HttpRoute;
import dev.sluice.config.crd.VirtualService;
import dev.sluice.config.crd.read.ReadObject;
import dev.sluice.config.crd.schema.Metadata;
import dev.sluice.config.crd.tree.MapNode;
import dev.sluice.config.crd.tree.Node;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * Makes VirtualServices lean once their plan is in force: the same records without their trees, with rules that are read
 * again from the packed file when somebody asks for them. Used by one thread for one release.
 */
final class Leaner implements AutoCloseable {
    private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    /** Lists that repeat from object to object, and their texts: each once. */
    private final Map<List<String>, List<String>> lists = new HashMap<>();

    private final IdentityHashMap<VirtualService, VirtualService> made = new IdentityHashMap<>();

    /** The lean ones by those that they stand for. */
    Map<VirtualService, VirtualService> made() {
        return made;
    }

    /** The objects of a file, lean where they can be; null where none can. */
    @Nullable
    List<ReadObject> lean(List<ReadObject> objects, SourceFile source) {
        List<ReadObject> all = new ArrayList<>(objects.size());
        boolean any = false;
        for (int i = 0; i < objects.size(); i++) {
            ReadObject read = objects.get(i);
            if (read.valid() && read.object() instanceof VirtualService service && canBeLean(service)) {
                VirtualService lean =
                        lean(service, new Rules(source, i, service.http().size()));
                made.put(service, lean);
                all.add(new ReadObject(lean, true));
                any = true;
            } else {
                all.add(read);
            }
        }
        if (any) {
            source.pack(deflater);
        }
        return any ? all : null;
    }

    /** One that hands on to others, or is handed on to, is translated anew every time. */
    private static boolean canBeLean(VirtualService service) {
        return !service.hosts().isEmpty()
                && !service.http().isEmpty()
                && service.http().stream().allMatch(rule -> rule.delegate() == null);
    }

    private VirtualService lean(VirtualService whole, List<HttpRoute> rules) {
        Metadata of = whole.metadata();
        // Findings about the object as a whole name its name.
        Node name = of.at().get("name");
        MapNode at = new MapNode.Builder(name == null ? of.at() : name).build();
        return new VirtualService(
                at,
                new Metadata(at, of.name(), of.namespace(), of.labels(), of.annotations()),
                whole.hosts(),
                once(whole.gateways()),
                rules,
                whole.tls(),
                whole.tcp(),
                once(whole.exportTo()));
    }

    private List<String> once(List<String> list) {
        List<String> first = lists.putIfAbsent(list, list);
        return first == null ? list : first;
    }

    @Override
    public void close() {
        deflater.end();
    }

    /** Rules that are read when they are asked for. */
    private static final class Rules extends AbstractList<HttpRoute> {
        private final SourceFile source;
        private final int object;
        private final int size;

        Rules(SourceFile source, int object, int size) {
            this.source = source;
            this.object = object;
            this.size = size;
        }

        @Override
        public HttpRoute get(int index) {
            return source.rules(object).get(index);
        }

        @Override
        public int size() {
            return size;
        }
    }
}
