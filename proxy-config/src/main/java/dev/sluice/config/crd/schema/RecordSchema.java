package dev.sluice.config.crd.schema;

import dev.sluice.config.crd.tree.MapNode;
import dev.sluice.config.crd.tree.Node;
import dev.sluice.config.crd.tree.ProtoNames;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a record declares about the mapping it is made of: one field a component, under the component's name, its Java
 * type the CRD's type, and what its {@link Rules} add. Computed once a class; immutable.
 */
final class RecordSchema {
    private static final ClassValue<RecordSchema> SCHEMAS = new ClassValue<>() {
        @Override
        protected RecordSchema computeValue(Class<?> type) {
            return new RecordSchema(type);
        }
    };

    private final Class<?> type;
    private final Constructor<?> constructor;
    private final Map<String, Field> fields = new HashMap<>();
    private final List<Field> ordered = new ArrayList<>();
    private final TreeSet<String> known = new TreeSet<>();
    private final List<List<Field>> oneOfs = new ArrayList<>();
    private final boolean open;
    private int metadata = -1;

    private RecordSchema(Class<?> type) {
        this.type = type;
        Rules rules = rules(type);
        this.open = rules.isOpen();
        RecordComponent[] components = type.getRecordComponents();
        if (components == null || components[0].getType() != MapNode.class) {
            throw new IllegalArgumentException(type + " is no record that begins with its MapNode");
        }
        for (int i = 1; i < components.length; i++) {
            if (components[i].getType() == Metadata.class) {
                metadata = i;
            } else {
                Field field = new Field(components[i], i, rules);
                fields.put(field.name(), field);
                ordered.add(field);
                known.add(field.name());
            }
        }
        known.addAll(rules.alsoKnown());
        rules.named().forEach(this::named);
        for (List<String> group : rules.oneOfs()) {
            List<Field> members = new ArrayList<>(group.size());
            for (String name : group) {
                members.add(named(name));
            }
            oneOfs.add(members);
        }
        this.constructor = canonical(type, components);
    }

    /** The schema of a record class. */
    public static RecordSchema of(Class<?> type) {
        return SCHEMAS.get(type);
    }

    /** The field that a key names, in its own spelling or, where {@code proto}, in the proto's; null for none. */
    @Nullable
    Field field(String key, boolean proto) {
        Field field = fields.get(key);
        return field == null && proto && key.indexOf('_') > 0 ? fields.get(ProtoNames.json(key)) : field;
    }

    /** Whether a key is a field of the type at all. */
    boolean knows(String key, boolean proto) {
        return open || known.contains(key) || (proto && known.contains(ProtoNames.json(key)));
    }

    /** Every field name, sorted, those without a component too. */
    Set<String> known() {
        return known;
    }

    /** The fields in the order of the record. */
    List<Field> fields() {
        return ordered;
    }

    /** Groups of fields of which at most one may be set. */
    List<List<Field>> oneOfs() {
        return oneOfs;
    }

    /** The component that takes the object's {@link Metadata}, or -1. */
    int metadata() {
        return metadata;
    }

    /** How many components the record has. */
    int size() {
        return constructor.getParameterCount();
    }

    /** A record of these components. */
    Object create(@Nullable Object[] components) {
        try {
            return constructor.newInstance(components);
        } catch (InvocationTargetException | InstantiationException | IllegalAccessException e) {
            throw new IllegalStateException("cannot create " + type, e);
        }
    }

    private Field named(String name) {
        Field field = fields.get(name);
        if (field == null) {
            throw new IllegalArgumentException(type + " has no component " + name);
        }
        return field;
    }

    private static Rules rules(Class<?> type) {
        try {
            Method rules = type.getDeclaredMethod("rules");
            rules.setAccessible(true);
            return (Rules) rules.invoke(null);
        } catch (NoSuchMethodException e) {
            return Rules.NONE;
        } catch (InvocationTargetException | IllegalAccessException e) {
            throw new IllegalStateException("cannot read the rules of " + type, e);
        }
    }

    private static Constructor<?> canonical(Class<?> type, RecordComponent[] components) {
        Class<?>[] types = new Class<?>[components.length];
        for (int i = 0; i < types.length; i++) {
            types[i] = components[i].getType();
        }
        try {
            return type.getDeclaredConstructor(types);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a value must be. */
    enum Kind {
        STRING,
        BOOLEAN,
        INT32,
        UINT32,
        INT64,
        NUMBER,
        DURATION,
        ENUM,
        RECORD,
        INT_OR_STRING,
        ANY
    }

    /** How many of them. */
    enum Shape {
        ONE,
        LIST,
        MAP
    }

    /** One component. */
    static final class Field {
        private final String name;
        private final int index;
        private final Shape shape;
        private final Class<?> raw;
        private final Kind kind;
        private final boolean required;
        private final boolean base64;
        private final Rules.@Nullable Range range;
        private final Rules.@Nullable Size size;

        Field(RecordComponent component, int index, Rules rules) {
            this.name = component.getName();
            this.index = index;
            this.required = rules.isRequired(name);
            this.base64 = rules.isBase64(name);
            this.range = rules.range(name);
            this.size = rules.size(name);
            Type generic = component.getGenericType();
            if (generic instanceof ParameterizedType parameterized) {
                Type[] arguments = parameterized.getActualTypeArguments();
                this.shape = arguments.length == 1 ? Shape.LIST : Shape.MAP;
                this.raw = (Class<?>) arguments[arguments.length - 1];
            } else {
                this.shape = Shape.ONE;
                this.raw = component.getType();
            }
            this.kind = kind(raw);
        }

        private Kind kind(Class<?> of) {
            if (of == String.class) {
                return Kind.STRING;
            } else if (of == Boolean.class) {
                return Kind.BOOLEAN;
            } else if (of == Integer.class) {
                return Kind.INT32;
            } else if (of == Long.class) {
                return range == null ? Kind.UINT32 : Kind.INT64;
            } else if (of == Double.class) {
                return Kind.NUMBER;
            } else if (of == Duration.class) {
                return Kind.DURATION;
            } else if (of == IntOrString.class) {
                return Kind.INT_OR_STRING;
            } else if (of == Node.class) {
                return Kind.ANY;
            } else if (of.isEnum()) {
                return Kind.ENUM;
            } else if (of.isRecord()) {
                return Kind.RECORD;
            }
            throw new IllegalArgumentException(name + " is of a type that no CRD has: " + of);
        }

        String name() {
            return name;
        }

        int index() {
            return index;
        }

        Shape shape() {
            return shape;
        }

        Kind kind() {
            return kind;
        }

        /** The Java type of one value. */
        Class<?> raw() {
            return raw;
        }

        boolean required() {
            return required;
        }

        boolean base64() {
            return base64;
        }

        double min() {
            return range == null ? Double.NEGATIVE_INFINITY : range.min();
        }

        double max() {
            return range == null ? Double.POSITIVE_INFINITY : range.max();
        }

        Rules.@Nullable Size size() {
            return size;
        }
    }
}
