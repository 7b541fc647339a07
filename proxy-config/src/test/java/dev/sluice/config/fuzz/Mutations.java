package dev.sluice.config.fuzz;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Valid documents with something else where a value should be: keys that are gone, other types, null, deep nesting, huge
 * numbers, odd strings, parts of other documents. The result is well-formed, so that it gets past the parser.
 */
final class Mutations {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    /** JSON is YAML. What is no ASCII is escaped: it must not count as the end of a line, nor be half a character. */
    private static final ObjectWriter JSON = new ObjectMapper().writer().with(JsonWriteFeature.ESCAPE_NON_ASCII);

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private static final List<JsonNode> ODD = List.of(
            NODES.nullNode(),
            NODES.booleanNode(true),
            NODES.numberNode(0),
            NODES.numberNode(-1),
            NODES.numberNode(65_536),
            NODES.numberNode(Integer.MAX_VALUE),
            NODES.numberNode(4_294_967_295L),
            NODES.numberNode(Long.MIN_VALUE),
            NODES.numberNode(1e300),
            NODES.numberNode(0.0001),
            NODES.arrayNode(),
            NODES.objectNode(),
            NODES.arrayNode().addNull(),
            text(""),
            text(" "),
            text("*"),
            text("*.com"),
            text("~"),
            text("."),
            text("/"),
            text("mesh"),
            text("a/b"),
            text("./*"),
            text("%"),
            text("%NOPE(x"),
            text("\\9\\"),
            text("("),
            text("(a{1000}){1000}"),
            text("1s"),
            text("-1s"),
            text("9223372036854775807h"),
            text("1e9999"),
            text("::1"),
            text("[::1]:0"),
            text("10.0.0.0/99"),
            text("unix:///a"),
            text("a\r\nb"),
            text("\u0000\u2028"),
            text("\ud800"),
            text("caf\u00e9"),
            text("x".repeat(5000)),
            text("@request.auth.claims[a]"));

    private final List<JsonNode> seeds = new ArrayList<>();

    /** @param roots folders with YAML files */
    Mutations(Path... roots) throws IOException {
        for (Path root : roots) {
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file : files.filter(path -> path.toString().endsWith(".yaml"))
                        .sorted()
                        .toList()) {
                    add(file);
                }
            }
        }
    }

    private void add(Path file) throws IOException {
        List<JsonNode> documents = new ArrayList<>();
        try (MappingIterator<JsonNode> all = YAML.readerFor(JsonNode.class).readValues(file.toFile())) {
            while (all.hasNextValue()) {
                documents.add(all.nextValue());
            }
        } catch (IOException e) {
            // a file that shows what is no YAML has nothing to grow from
            return;
        }
        documents.stream().filter(JsonNode::isObject).forEach(seeds::add);
    }

    private static JsonNode text(String text) {
        return NODES.textNode(text);
    }

    /** Some documents of a configuration, changed in a few places; the same for the same seed. */
    String documents(long seed) throws IOException {
        Random random = new Random(seed);
        int first = random.nextInt(seeds.size());
        StringBuilder out = new StringBuilder();
        int count = 1 + random.nextInt(8);
        for (int i = 0; i < count; i++) {
            // neighbours are of one example, and so about one another
            JsonNode document = seeds.get((first + i) % seeds.size()).deepCopy();
            for (int changes = random.nextInt(4); changes > 0; changes--) {
                change(document, random);
            }
            out.append("---\n").append(JSON.writeValueAsString(document)).append('\n');
        }
        return out.toString();
    }

    private void change(JsonNode document, Random random) {
        JsonNode holder = holder(document, random);
        if (holder instanceof ObjectNode map && !map.isEmpty()) {
            List<String> keys = new ArrayList<>();
            map.fieldNames().forEachRemaining(keys::add);
            String key = keys.get(random.nextInt(keys.size()));
            switch (random.nextInt(6)) {
                case 0 -> map.remove(key);
                case 1 -> map.set(key + "x", map.get(key));
                case 2 -> map.set(key, part(random));
                default -> map.set(key, other(map.get(key), random));
            }
        } else if (holder instanceof ArrayNode list && !list.isEmpty()) {
            int at = random.nextInt(list.size());
            switch (random.nextInt(5)) {
                case 0 -> list.remove(at);
                case 1 -> list.insert(at, list.get(at).deepCopy());
                case 2 -> list.insert(at, part(random));
                default -> list.set(at, other(list.get(at), random));
            }
        }
    }

    /** Some mapping or list of the document; the deeper the rarer. */
    private static JsonNode holder(JsonNode document, Random random) {
        JsonNode at = document;
        while (true) {
            List<JsonNode> below = new ArrayList<>();
            at.forEach(child -> {
                if (child.isContainerNode() && !child.isEmpty()) {
                    below.add(child);
                }
            });
            if (below.isEmpty() || random.nextInt(6) == 0) {
                return at;
            }
            at = below.get(random.nextInt(below.size()));
        }
    }

    /** A part of any example. */
    private JsonNode part(Random random) {
        return holder(seeds.get(random.nextInt(seeds.size())), random).deepCopy();
    }

    private static JsonNode other(JsonNode value, Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> NODES.arrayNode().add(value.deepCopy());
            case 1 -> NODES.objectNode().set("x", value.deepCopy());
            case 2 -> deep(value, 1 + random.nextInt(100));
            case 3 -> value.isTextual() ? text(shuffled(value.asText(), random)) : text(value.toString());
            default -> ODD.get(random.nextInt(ODD.size())).deepCopy();
        };
    }

    private static JsonNode deep(JsonNode value, int levels) {
        JsonNode nested = value.deepCopy();
        for (int i = 0; i < levels; i++) {
            nested = NODES.arrayNode().add(nested);
        }
        return nested;
    }

    private static String shuffled(String text, Random random) {
        char[] chars = text.toCharArray();
        for (int i = 0; i < Math.min(chars.length, 2); i++) {
            chars[random.nextInt(chars.length)] = "*./%:-\\\"\u00e9 0a".charAt(random.nextInt(12));
        }
        String changed = new String(chars);
        return random.nextBoolean() ? changed : changed + Arrays.toString(chars);
    }
}
