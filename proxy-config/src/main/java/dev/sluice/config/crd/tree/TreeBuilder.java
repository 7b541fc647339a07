package dev.sluice.config.crd.tree;

import com.fasterxml.jackson.core.JsonToken;
import dev.sluice.config.plan.words.SourcePart;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Builds the located tree of one document after another: resolves aliases and merge keys, within bounds, and keeps count
 * of what a document would weigh with its aliases written out, for that is what readers of the tree will walk.
 */
final class TreeBuilder {
    private static final int MAX_ALIASES = 50;
    /** The most nodes that the aliases of a document may stand for. */
    private static final int MAX_EXPANSION = 100_000;

    /** Nobody reads more about one document. */
    private static final int MAX_PROBLEMS = 200;

    private static final String CORE = "tag:yaml.org,2002:";
    /** Keys and short values repeat from object to object: one copy of each is kept, of so many. */
    private static final int MAX_POOLED = 4096;

    private static final int MAX_POOLED_LENGTH = 40;

    private final SourcePart part;
    private final Tokens tokens;
    private final Map<String, String> pool = new HashMap<>();

    private final Map<String, Anchored> anchors = new HashMap<>();
    private List<YamlProblem> problems = new ArrayList<>();
    private int aliases;
    private int expansion;
    /** Nodes so far, aliases written out. */
    private int weight;
    /** Levels below the node that was built last. */
    private int height;

    /** @param part that {@code tokens} are of, their lines counted from its first */
    TreeBuilder(SourcePart part, Tokens tokens) {
        this.part = part;
        this.tokens = tokens;
    }

    /** What an anchor names. */
    private record Anchored(@Nullable Node node, int weight, int height) {}

    /** The document that begins with {@code first}. */
    YamlDocument document(JsonToken first) throws IOException {
        anchors.clear();
        problems = new ArrayList<>();
        aliases = 0;
        expansion = 0;
        weight = 0;
        Node root = value(first, 1);
        return new YamlDocument(root, problems);
    }

    private Node value(JsonToken token, int depth) throws IOException {
        if (tokens.isCurrentAlias()) {
            return alias(depth);
        }
        String anchor = tokens.anchor();
        int before = weight++;
        if (anchor != null) {
            anchors.put(anchor, new Anchored(null, 0, 0));
        }
        Node node;
        if (token == JsonToken.START_OBJECT) {
            node = map(depth);
        } else if (token == JsonToken.START_ARRAY) {
            node = list(depth);
        } else {
            node = scalar();
            height = 1;
        }
        if (anchor != null) {
            anchors.put(anchor, new Anchored(node, weight - before, height));
        }
        return node;
    }

    private Node alias(int depth) throws UnreadableYaml {
        String name = String.valueOf(tokens.anchor());
        Anchored target = anchors.get(name);
        if (target == null) {
            throw unreadable("alias *" + name + " names no anchor");
        }
        if (target.node() == null) {
            throw unreadable("alias *" + name + " is inside the value that it names");
        }
        if (++aliases > MAX_ALIASES) {
            throw unreadable("more than " + MAX_ALIASES + " aliases in one document");
        }
        expansion += target.weight();
        if (expansion > MAX_EXPANSION) {
            throw unreadable("aliases stand for more than " + MAX_EXPANSION + " values");
        }
        if (depth + target.height() - 1 > YamlTokens.MAX_DEPTH) {
            throw unreadable("aliases make a document deeper than " + YamlTokens.MAX_DEPTH + " levels");
        }
        weight += target.weight();
        height = target.height();
        return target.node();
    }

    private Node list(int depth) throws IOException {
        int line = tokens.line();
        int column = tokens.column();
        checkTag("seq");
        List<Node> items = new ArrayList<>();
        int below = 0;
        for (JsonToken token = next(); token != JsonToken.END_ARRAY; token = next()) {
            items.add(value(token, depth + 1));
            below = Math.max(below, height);
        }
        height = below + 1;
        return new ListNode(part, line, column, items);
    }

    private Node map(int depth) throws IOException {
        int line = tokens.line();
        int column = tokens.column();
        checkTag("map");
        MapNode.Builder map = new MapNode.Builder(part, line, column);
        List<Node> merges = new ArrayList<>();
        int below = 0;
        for (JsonToken token = next(); token != JsonToken.END_OBJECT; token = next()) {
            int keyLine = tokens.line();
            int keyColumn = tokens.column();
            boolean merge = tokens.plain()
                    && tokens.tag() == null
                    && tokens.currentName().equals("<<");
            String key = merge ? "<<" : key();
            Node value = value(next(), depth + 1);
            below = Math.max(below, height);
            if (merge) {
                merges.add(value);
            } else if (!map.put(key, keyLine, keyColumn, value)) {
                String message = "key " + Quote.of(key) + " is given twice (first on line " + map.lineOf(key) + ")";
                problem(new YamlProblem(keyLine, keyColumn, message));
            }
        }
        height = below + 1;
        for (Node merge : merges) {
            merge(map, merge);
        }
        return map.build();
    }

    /** YAML 1.1's merge key: what is written wins over what is merged, and of several the first. */
    private void merge(MapNode.Builder into, Node from) {
        if (from instanceof MapNode map) {
            into.putMissing(map);
            return;
        }
        if (from instanceof ListNode list) {
            for (Node item : list.items()) {
                if (item instanceof MapNode map) {
                    into.putMissing(map);
                } else {
                    badMerge(item);
                }
            }
            return;
        }
        badMerge(from);
    }

    private void badMerge(Node node) {
        Location at = node.location();
        problem(new YamlProblem(
                at.line(), at.column(), "<< must name an object or a list of objects, not " + node.describe()));
    }

    /** A key as JSON has it: everything becomes a string, as Kubernetes does it ({@code on:} is "true"). */
    private String key() throws IOException {
        String text = tokens.currentName();
        Object value = resolve(text);
        if (value == null) {
            problem("a key must not be null");
        }
        if (value instanceof Double number && number == Math.rint(number) && Math.abs(number) < 1e15) {
            return Long.toString(number.longValue());
        }
        return pooled(String.valueOf(value));
    }

    private Node scalar() throws IOException {
        Object value = resolve(tokens.text());
        return new ScalarNode(
                part, tokens.line(), tokens.column(), value instanceof String text ? pooled(text) : value, null);
    }

    private @Nullable Object resolve(String text) {
        String tag = tokens.tag();
        if (tag == null) {
            return tokens.plain() ? ScalarResolver.resolve(text) : text;
        }
        String type = tag.startsWith(CORE) ? tag.substring(CORE.length()) : tag;
        switch (type) {
            case "!", "str", "timestamp" -> {
                return text;
            }
            case "int", "float", "bool", "null" -> {
                Object value = ScalarResolver.resolve(text);
                boolean fits =
                        switch (type) {
                            case "int" -> value instanceof Long || value instanceof BigInteger;
                            case "float" -> value instanceof Number;
                            case "bool" -> value instanceof Boolean;
                            default -> value == null;
                        };
                if (!fits) {
                    problem(Quote.of(text) + " is no " + type);
                }
                return value;
            }
            default -> {
                problem("tag " + Quote.of(tag) + " is not allowed");
                return text;
            }
        }
    }

    private void checkTag(String allowed) {
        String tag = tokens.tag();
        if (tag != null && !tag.equals("!") && !tag.equals(CORE + allowed)) {
            problem("tag " + Quote.of(tag) + " is not allowed");
        }
    }

    private JsonToken next() throws IOException {
        JsonToken token = tokens.nextToken();
        if (token == null) {
            throw unreadable("the document ends too early");
        }
        return token;
    }

    private void problem(String message) {
        problem(new YamlProblem(tokens.line(), tokens.column(), message));
    }

    private void problem(YamlProblem problem) {
        if (problems.size() < MAX_PROBLEMS) {
            problems.add(problem);
        }
    }

    private UnreadableYaml unreadable(String message) {
        return new UnreadableYaml(tokens.line(), tokens.column(), message);
    }

    private String pooled(String text) {
        if (text.length() > MAX_POOLED_LENGTH) {
            return text;
        }
        String known = pool.get(text);
        if (known != null) {
            return known;
        }
        if (pool.size() < MAX_POOLED) {
            pool.put(text, text);
        }
        return text;
    }
}
