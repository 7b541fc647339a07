package dev.sluice.config.crd.schema;

import dev.sluice.config.crd.schema.RecordSchema.Field;
import dev.sluice.config.crd.schema.RecordSchema.Kind;
import dev.sluice.config.crd.schema.RecordSchema.Shape;
import dev.sluice.config.crd.tree.ListNode;
import dev.sluice.config.crd.tree.Location;
import dev.sluice.config.crd.tree.MapNode;
import dev.sluice.config.crd.tree.Node;
import dev.sluice.config.crd.tree.NodePath;
import dev.sluice.config.crd.tree.Quote;
import dev.sluice.config.crd.tree.ScalarNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Makes records of located trees, and tells everything that keeps a tree from being what its record declares. It goes on
 * after a problem: the component is then null or empty, so a record made under problems is good for further findings
 * only. One binder a document; not for several threads.
 */
public final class Binder {
    private static final int SHORT_LIST = 12;
    /** Nobody reads more about one document, and a hostile one could have a million. */
    private static final int MAX_ERRORS = 200;

    private final Dialect dialect;
    private final Problems problems;
    private final Scalars scalars;
    /** The path so far: keys and positions; made into text only for a problem. */
    private final List<Object> path = new ArrayList<>();

    private int errors;

    public Binder(Dialect dialect, Problems problems) {
        this.dialect = dialect;
        this.problems = problems;
        this.scalars = new Scalars(this::error);
    }

    /** How many problems there were so far. */
    public int errors() {
        return errors;
    }

    /** Puts the next bindings below this key; {@link #leave} ends it. */
    public Binder enter(Object step) {
        path.add(step);
        return this;
    }

    /** Ends the last {@link #enter}. */
    public Binder leave() {
        path.remove(path.size() - 1);
        return this;
    }

    /** A record without metadata. */
    public <T extends Record> T bind(Class<T> type, MapNode node) {
        return type.cast(record(RecordSchema.of(type), node, null, Set.of()));
    }

    /**
     * An object's record.
     *
     * @param metadata what its component of that type gets
     * @param besides keys of the mapping that are not the record's: the envelope, where the object has no spec
     */
    public <T extends Record> T bind(Class<T> type, MapNode node, Metadata metadata, Set<String> besides) {
        return type.cast(record(RecordSchema.of(type), node, metadata, besides));
    }

    /** Tells a problem at the current path. */
    public void error(Location at, String message) {
        errors++;
        if (errors <= MAX_ERRORS) {
            problems.error(
                    at, pathText(), errors < MAX_ERRORS ? message : message + " (more of this document is not told)");
        }
    }

    private Object record(RecordSchema schema, MapNode node, @Nullable Metadata metadata, Set<String> besides) {
        @Nullable Object[] components = new @Nullable Object[schema.size()];
        components[0] = node;
        if (schema.metadata() > 0) {
            components[schema.metadata()] = metadata;
        }
        boolean[] seen = new boolean[components.length];
        boolean proto = dialect == Dialect.PROTO;
        for (int i = 0; i < node.size(); i++) {
            String key = node.key(i);
            Field field = schema.field(key, proto);
            path.add(key);
            if (field == null) {
                if (!schema.knows(key, proto) && !besides.contains(key)) {
                    unknown(schema, node, i, besides);
                }
            } else if (seen[field.index()]) {
                error(node.keyLocation(i), "given twice, as " + field.name() + " and in its proto spelling");
            } else {
                seen[field.index()] = true;
                components[field.index()] = component(field, node.value(i));
            }
            path.remove(path.size() - 1);
        }
        for (Field field : schema.fields()) {
            complete(field, node, components);
        }
        for (List<Field> group : schema.oneOfs()) {
            oneOf(group, node);
        }
        return schema.create(components);
    }

    private void unknown(RecordSchema schema, MapNode node, int i, Set<String> besides) {
        if (errors >= MAX_ERRORS) {
            errors++;
            return;
        }
        TreeSet<String> names = new TreeSet<>(schema.known());
        names.addAll(besides);
        String near = NearestName.among(names, node.key(i));
        String hint = "";
        if (near != null) {
            hint = "; did you mean " + Quote.of(near) + "?";
        } else if (!names.isEmpty() && names.size() <= SHORT_LIST) {
            hint = "; known here: " + String.join(", ", names);
        }
        error(node.keyLocation(i), "unknown field" + hint);
    }

    private void complete(Field field, MapNode node, @Nullable Object[] components) {
        // Of an object's null it has been told that it is none.
        boolean told = field.kind() == Kind.RECORD && field.shape() == Shape.ONE && node.get(field.name()) != null;
        if (field.required() && !node.has(field.name()) && !told) {
            path.add(field.name());
            error(node.field(field.name()), "required, but missing");
            path.remove(path.size() - 1);
        }
        if (components[field.index()] == null && field.shape() != Shape.ONE) {
            components[field.index()] = field.shape() == Shape.LIST ? List.of() : Map.of();
        }
    }

    private void oneOf(List<Field> group, MapNode node) {
        String first = null;
        for (Field field : group) {
            if (node.has(field.name())) {
                if (first != null) {
                    error(
                            node.key(field.name()),
                            first + " and " + field.name() + " exclude one another; set at most one of "
                                    + String.join(
                                            ", ",
                                            group.stream().map(Field::name).toList()));
                    return;
                }
                first = field.name();
            }
        }
    }

    private @Nullable Object component(Field field, Node node) {
        if (node instanceof ScalarNode scalar && scalar.isNull()) {
            if (field.kind() == Kind.STRING && "".equals(scalar.text())) {
                return ""; // "accessLogFile=" on the command line: an empty text, not the lack of one
            }
            if (field.shape() == Shape.ONE && field.kind() == Kind.RECORD) {
                error(node.location(), "must be an object, not null");
            }
            return null;
        }
        return switch (field.shape()) {
            case ONE -> value(field, node);
            case LIST -> list(field, node);
            case MAP -> map(field, node);
        };
    }

    private @Nullable Object list(Field field, Node node) {
        if (!(node instanceof ListNode list)) {
            error(node.location(), "must be a list, not " + shown(node));
            return null;
        }
        checkSize(field, list.items().size(), node.location());
        List<Object> values = new ArrayList<>(list.items().size());
        for (int i = 0; i < list.items().size(); i++) {
            path.add(i);
            Object value = value(field, list.items().get(i));
            if (value != null) {
                values.add(value);
            }
            path.remove(path.size() - 1);
        }
        return List.copyOf(values);
    }

    private @Nullable Object map(Field field, Node node) {
        if (!(node instanceof MapNode map)) {
            error(node.location(), "must be an object, not " + shown(node));
            return null;
        }
        checkSize(field, map.size(), node.location());
        if (map.size() == 0) {
            return Map.of();
        }
        Map<String, Object> values = new LinkedHashMap<>(map.size() * 2);
        for (int i = 0; i < map.size(); i++) {
            path.add(map.key(i));
            boolean emptied = dialect == Dialect.KUBERNETES
                    && field.kind() == Kind.STRING
                    && map.value(i) instanceof ScalarNode scalar
                    && scalar.isNull();
            Object value = emptied ? "" : value(field, map.value(i));
            if (value != null) {
                values.put(map.key(i), value);
            }
            path.remove(path.size() - 1);
        }
        return Collections.unmodifiableMap(values);
    }

    private void checkSize(Field field, int count, Location at) {
        Rules.Size size = field.size();
        if (size != null && (count < size.min() || count > size.max())) {
            String bounds =
                    size.max() == Integer.MAX_VALUE ? "at least " + size.min() : size.min() + " to " + size.max();
            error(at, "must have " + bounds + " entries, not " + count);
        }
    }

    private @Nullable Object value(Field field, Node node) {
        if (field.kind() == Kind.ANY) {
            return node;
        }
        if (field.kind() == Kind.RECORD) {
            if (node instanceof MapNode map) {
                return record(RecordSchema.of(field.raw()), map, null, Set.of());
            }
            boolean emptied = field.shape() == Shape.MAP && node instanceof ScalarNode scalar && scalar.isNull();
            error(node.location(), "must be an object, not " + shown(node) + (emptied ? "; an empty one is {}" : ""));
            return null;
        }
        if (node instanceof ScalarNode scalar) {
            return scalars.convert(field, scalar);
        }
        error(node.location(), "must be " + Scalars.wanted(field) + ", not " + shown(node));
        return null;
    }

    /** A value in a message: what it is and, for a scalar, what it says. */
    static String shown(Node node) {
        if (!(node instanceof ScalarNode scalar) || scalar.isNull()) {
            return node.describe();
        }
        Object value = scalar.value();
        String said = value instanceof String text ? Quote.of(text) : String.valueOf(value);
        return "the" + node.describe().substring(node.describe().indexOf(' ')) + " " + said;
    }

    private String pathText() {
        String text = "";
        for (Object step : path) {
            text = step instanceof Integer i ? NodePath.item(text, i) : NodePath.child(text, (String) step);
        }
        return text;
    }
}
