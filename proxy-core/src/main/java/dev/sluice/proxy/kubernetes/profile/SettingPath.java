package dev.sluice.proxy.kubernetes.profile;

import dev.sluice.proxy.kubernetes.yaml.ManifestException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A path as istioctl's {@code --set} takes it: keys by dots ({@code \.} is a dot in a key), list items by {@code [0]} or
 * {@code [name:istio-ingressgateway]}.
 */
final class SettingPath {
    private static final Set<String> MAPS_OF_TEXT = Set.of(
            "podAnnotations", "serviceAnnotations", "nodeSelector", "label", "env", "proxyMetadata", "runtimeValues");

    private final String text;
    private final List<String> keys;
    private int at;

    private SettingPath(String text, List<String> keys) {
        this.text = text;
        this.keys = keys;
    }

    static SettingPath parse(String text) throws ManifestException {
        List<String> keys = new ArrayList<>();
        StringBuilder key = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length() && text.charAt(i + 1) == '.') {
                key.append('.');
                i++;
            } else if (c == '.' || c == '[') {
                end(keys, key);
                if (c == '[') {
                    key.append('[');
                }
            } else {
                key.append(c);
            }
        }
        end(keys, key);
        for (String step : keys) {
            if (step.startsWith("[") && !(step.endsWith("]") && step.length() > 2)) {
                throw new ManifestException("--set " + text + ": '" + step + "' is neither [0] nor [name:NAME]");
            }
        }
        if (keys.isEmpty() || keys.get(0).startsWith("[")) {
            throw new ManifestException("--set takes path=value, as values.global.proxy.statusPort=15020");
        }
        return new SettingPath(text, keys);
    }

    private static void end(List<String> keys, StringBuilder key) {
        if (!key.isEmpty()) {
            keys.add(key.toString());
            key.setLength(0);
        }
    }

    /** Whether it names an entry of a map whose values are all text: an annotation, a label, a variable. */
    boolean isAmongTexts() {
        return keys.size() > 1 && MAPS_OF_TEXT.contains(keys.get(keys.size() - 2));
    }

    /** A copy of {@code spec} with {@code value} at this path. */
    Map<String, Object> set(Map<String, Object> spec, Object value) throws ManifestException {
        at = 0;
        return inMap(spec, value);
    }

    private Object step(@Nullable Object present, Object value) throws ManifestException {
        if (at == keys.size()) {
            return value;
        }
        return keys.get(at).startsWith("[") ? inList(present, value) : inMap(present, value);
    }

    private Map<String, Object> inMap(@Nullable Object present, Object value) throws ManifestException {
        Map<String, Object> copy = new LinkedHashMap<>();
        if (present instanceof Map<?, ?> map) {
            map.forEach((key, item) -> copy.put(String.valueOf(key), item));
        } else if (present != null && !present.toString().isEmpty()) {
            throw new ManifestException("--set " + text + ": there is a value at '" + keys.get(at - 1) + "', no map");
        }
        String key = keys.get(at++);
        copy.put(key, step(copy.get(key), value));
        return copy;
    }

    private List<Object> inList(@Nullable Object present, Object value) throws ManifestException {
        List<Object> copy = present instanceof List<?> list ? new ArrayList<>(list) : new ArrayList<>();
        String selector = keys.get(at++);
        int index = index(copy, selector.substring(1, selector.length() - 1));
        if (index > copy.size()) {
            throw new ManifestException("--set " + text + ": the list has " + copy.size() + " items");
        }
        boolean fresh = index == copy.size();
        Object item = step(fresh ? null : copy.get(index), value);
        if (fresh) {
            copy.add(item);
        } else {
            copy.set(index, item);
        }
        return copy;
    }

    private int index(List<Object> list, String selector) throws ManifestException {
        int colon = selector.indexOf(':');
        if (colon < 0) {
            try {
                return Integer.parseUnsignedInt(selector);
            } catch (NumberFormatException e) {
                throw new ManifestException("--set " + text + ": '[" + selector + "]' is neither [0] nor [name:NAME]");
            }
        }
        String key = selector.substring(0, colon);
        for (int i = 0; i < list.size(); i++) {
            Object found = list.get(i) instanceof Map<?, ?> map ? map.get(key) : null;
            if (Objects.equals(String.valueOf(found), selector.substring(colon + 1))) {
                return i;
            }
        }
        throw new ManifestException("--set " + text + ": no item has " + selector);
    }
}
