package dev.sluice.config.crd.tree;

import dev.sluice.config.plan.SourceRef;
import dev.sluice.config.plan.words.SourcePart;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A YAML mapping; keys are strings, each at its own place, no two alike. Kept as three arrays in the order of writing:
 * objects of this API have few keys, so a scan is quicker than a table and a third of its size.
 */
public final class MapNode implements Node {
    private static final int SCAN_LIMIT = 16;
    private static final String[] NO_KEYS = {};
    private static final long[] NO_PLACES = {};
    private static final Node[] NO_VALUES = {};

    private final SourcePart part;
    private final int line;
    private final int column;
    private final String[] keys;
    /** Line and column of each key, packed. */
    private final long[] places;

    private final Node[] values;
    /** Key to position for large mappings only (labels, header lists). */
    private final @Nullable Map<String, Integer> index;

    private MapNode(Builder from) {
        this.part = from.part;
        this.line = from.line;
        this.column = from.column;
        this.keys = from.size == 0 ? NO_KEYS : Arrays.copyOf(from.keys, from.size);
        this.places = from.size == 0 ? NO_PLACES : Arrays.copyOf(from.places, from.size);
        this.values = from.size == 0 ? NO_VALUES : Arrays.copyOf(from.values, from.size);
        this.index = from.size > SCAN_LIMIT ? from.index : null;
    }

    /** How many keys there are. */
    public int size() {
        return keys.length;
    }

    /** The keys in the order of writing. */
    public List<String> keys() {
        return List.of(keys);
    }

    /** Key number {@code i}. */
    public String key(int i) {
        return keys[i];
    }

    /** Value number {@code i}. */
    public Node value(int i) {
        return values[i];
    }

    /** Where key number {@code i} is written. */
    public Location keyLocation(int i) {
        return new Location(part.file(), part.linesBefore() + (int) (places[i] >>> 32), (int) places[i]);
    }

    /** The value of {@code key}, or null when the key is not there; its proto spelling ({@code snake_case}) counts. */
    public @Nullable Node get(String key) {
        int i = indexOf(key);
        return i < 0 ? null : values[i];
    }

    /** Whether {@code key} is there with a value other than null: tells an empty list from none. */
    public boolean has(String key) {
        Node value = get(key);
        return value != null && !(value instanceof ScalarNode scalar && scalar.isNull());
    }

    /** Where the value of {@code key} is written; this mapping's own place when the key is not there. */
    public Location field(String key) {
        Node value = get(key);
        return value == null ? location() : value.location();
    }

    /** Where {@code key} itself is written; this mapping's own place when it is not there. */
    public Location key(String key) {
        int i = indexOf(key);
        return i < 0 ? location() : keyLocation(i);
    }

    @Override
    public Location location() {
        return new Location(part.file(), part.linesBefore() + line, column);
    }

    @Override
    public SourceRef ref() {
        return new SourceRef(part, line, column);
    }

    @Override
    public String describe() {
        return "an object";
    }

    private int indexOf(String key) {
        int i = find(key);
        if (i >= 0) {
            return i;
        }
        for (int k = 0; k < keys.length; k++) {
            if (keys[k].indexOf('_') > 0 && ProtoNames.json(keys[k]).equals(key)) {
                return k;
            }
        }
        return -1;
    }

    private int find(String key) {
        if (index != null) {
            Integer i = index.get(key);
            return i == null ? -1 : i;
        }
        for (int i = 0; i < keys.length; i++) {
            if (keys[i].equals(key)) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public boolean equals(Object other) {
        if (other == this) {
            return true;
        }
        if (!(other instanceof MapNode map) || map.keys.length != keys.length) {
            return false;
        }
        for (int i = 0; i < keys.length; i++) {
            int at = map.find(keys[i]);
            if (at < 0 || !values[i].equals(map.values[at])) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int sum = 0;
        for (int i = 0; i < keys.length; i++) {
            sum += keys[i].hashCode() ^ values[i].hashCode();
        }
        return sum;
    }

    @Override
    public String toString() {
        StringBuilder out = new StringBuilder("{");
        for (int i = 0; i < keys.length; i++) {
            out.append(i == 0 ? "" : ", ").append(keys[i]).append(": ").append(values[i]);
        }
        return out.append('}').toString();
    }

    /** Collects the keys of one mapping; not reusable once built. */
    public static final class Builder {
        private final SourcePart part;
        private final int line;
        private final int column;
        private String[] keys = new String[4];
        private long[] places = new long[4];
        private Node[] values = new Node[4];
        private int size;
        private @Nullable Map<String, Integer> index;

        /** @param at where the mapping begins */
        public Builder(Location at) {
            this(new SourcePart(at.file()), at.line(), at.column());
        }

        /** @param at begins where the mapping is to begin */
        public Builder(Node at) {
            this(at.ref());
        }

        private Builder(SourceRef at) {
            this(at.part(), at.lineOfPart(), at.column());
        }

        Builder(SourcePart part, int line, int column) {
            this.part = part;
            this.line = line;
            this.column = column;
        }

        /** Adds {@code key}, written at {@code line} and {@code column}; false, and nothing added, when it is there. */
        public boolean put(String key, int line, int column, Node value) {
            if (position(key) >= 0) {
                return false;
            }
            if (size == keys.length) {
                keys = Arrays.copyOf(keys, size * 2);
                places = Arrays.copyOf(places, size * 2);
                values = Arrays.copyOf(values, size * 2);
            }
            keys[size] = key;
            places[size] = ((long) line << 32) | column;
            values[size] = value;
            if (index != null) {
                index.put(key, size);
            }
            size++;
            if (size == SCAN_LIMIT) {
                index = indexed();
            }
            return true;
        }

        /** Adds every key of {@code base} that is not there yet: a YAML merge, and an overlay's lower layer. */
        public Builder putMissing(MapNode base) {
            for (int i = 0; i < base.keys.length; i++) {
                put(base.keys[i], (int) (base.places[i] >>> 32), (int) base.places[i], base.values[i]);
            }
            return this;
        }

        /** The line that {@code key} is written on; 0 when it is not there. */
        int lineOf(String key) {
            int i = position(key);
            return i < 0 ? 0 : (int) (places[i] >>> 32);
        }

        /** The finished mapping. */
        public MapNode build() {
            return new MapNode(this);
        }

        private int position(String key) {
            if (index != null) {
                Integer i = index.get(key);
                return i == null ? -1 : i;
            }
            for (int i = 0; i < size; i++) {
                if (keys[i].equals(key)) {
                    return i;
                }
            }
            return -1;
        }

        private Map<String, Integer> indexed() {
            Map<String, Integer> made = new HashMap<>();
            for (int i = 0; i < size; i++) {
                made.put(keys[i], i);
            }
            return made;
        }
    }
}
