package dev.sluice.proxy.kubernetes.profile;

import dev.sluice.proxy.kubernetes.yaml.ManifestException;
import dev.sluice.proxy.kubernetes.yaml.YamlText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The {@code spec} of an IstioOperator: maps, lists and scalars in the order in which they were written. */
public final class ProfileTree {
    private final Map<String, Object> spec;

    ProfileTree(Map<String, Object> spec) {
        this.spec = spec;
    }

    /** The document that it is the {@code spec} of. */
    public String dump() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("apiVersion", Overlays.API_VERSION);
        document.put("kind", Overlays.KIND);
        document.put("spec", spec);
        return YamlText.write(List.of(YamlText.node(document)));
    }

    /** {@code over} on top of this: maps key by key, lists of named things name by name, everything else as a whole. */
    ProfileTree with(Map<String, Object> over) {
        return new ProfileTree(merged(spec, over));
    }

    private static Map<String, Object> merged(Map<?, ?> under, Map<?, ?> over) {
        Map<String, Object> merged = new LinkedHashMap<>();
        under.forEach((key, value) -> merged.put(String.valueOf(key), value));
        over.forEach((key, value) -> merged.merge(String.valueOf(key), orEmpty(value), ProfileTree::merge));
        return merged;
    }

    private static Object orEmpty(@Nullable Object value) {
        return value == null ? "" : value;
    }

    private static Object merge(Object under, Object over) {
        if (under instanceof Map<?, ?> lower && over instanceof Map<?, ?> upper) {
            return merged(lower, upper);
        }
        if (under instanceof List<?> lower && over instanceof List<?> upper && named(lower) && named(upper)) {
            return mergedByName(lower, upper);
        }
        return over;
    }

    private static boolean named(List<?> list) {
        return list.stream().allMatch(item -> item instanceof Map<?, ?> map && map.containsKey("name"));
    }

    private static List<Object> mergedByName(List<?> under, List<?> over) {
        List<Object> merged = new ArrayList<>(under);
        for (Object item : over) {
            Object name = ((Map<?, ?>) item).get("name");
            int at = 0;
            while (at < merged.size() && !Objects.equals(((Map<?, ?>) merged.get(at)).get("name"), name)) {
                at++;
            }
            if (at == merged.size()) {
                merged.add(item);
            } else {
                merged.set(at, merge(merged.get(at), item));
            }
        }
        return merged;
    }

    /** What is at a path of keys; null where there is nothing. */
    public @Nullable Object get(String... path) {
        Object at = spec;
        for (String key : path) {
            at = at instanceof Map<?, ?> map ? map.get(key) : null;
        }
        return at;
    }

    /** The text at a path; {@code otherwise} where there is none, or an empty one. */
    public String text(String otherwise, String... path) {
        Object value = get(path);
        return value == null
                        || value instanceof Map
                        || value instanceof List
                        || value.toString().isEmpty()
                ? otherwise
                : value.toString();
    }

    /** The map at a path; empty where there is none. */
    public Map<?, ?> map(String... path) {
        return get(path) instanceof Map<?, ?> map ? map : Map.of();
    }

    /** Every scalar and every empty collection by its path, as {@code --set} would name it. */
    Map<String, String> leaves() {
        Map<String, String> leaves = new LinkedHashMap<>();
        leaves("", spec, leaves);
        return leaves;
    }

    private static void leaves(String path, Object value, Map<String, String> leaves) {
        if (value instanceof Map<?, ?> map && !map.isEmpty()) {
            map.forEach((key, item) -> leaves(path.isEmpty() ? "" + key : path + "." + key, orEmpty(item), leaves));
        } else if (value instanceof List<?> list && !list.isEmpty()) {
            for (int i = 0; i < list.size(); i++) {
                Object item = list.get(i);
                Object name = item instanceof Map<?, ?> map ? map.get("name") : null;
                leaves(path + "[" + (name == null ? i : "name:" + name) + "]", orEmpty(item), leaves);
            }
        } else {
            leaves.put(path, value.toString());
        }
    }

    /** Sets one value; {@code path} is relative to {@code spec}: {@code values.global.proxy.statusPort}. */
    ProfileTree set(String path, String text) throws ManifestException {
        SettingPath steps = SettingPath.parse(path);
        Object value = YamlText.value("--set " + path, text);
        boolean isText = value instanceof String || value instanceof Map || value instanceof List;
        // 1.10 is a number to YAML, and no longer 1.10 then.
        return new ProfileTree(steps.set(spec, steps.isAmongTexts() && !isText ? text : value));
    }
}
