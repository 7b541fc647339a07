package dev.sluice.proxy.kubernetes.yaml;

import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.comments.CommentLine;
import org.yaml.snakeyaml.comments.CommentType;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/** From text to trees and back. Nothing in a document makes objects of any class. */
public final class YamlText {
    private static final int MOST_CODE_POINTS = 10_000_000;

    private YamlText() {}

    /**
     * The documents of a text, each with its comments, its aliases written out.
     *
     * @param name the file's, for messages
     * @throws ManifestException if it is not YAML
     */
    public static List<Node> read(String name, String text) throws ManifestException {
        LoaderOptions options = loading();
        options.setProcessComments(true);
        List<Node> documents = new ArrayList<>();
        try {
            Composer composer = new Composer(
                    new ParserImpl(new StreamReader(new StringReader(text)), options), new Resolver(), options);
            while (composer.checkNode()) {
                Node document = composer.getNode();
                if (isComment(document)) {
                    documents.add(document);
                } else if (!document.getTag().equals(Tag.NULL)) {
                    documents.add(Expansion.of(document));
                }
            }
        } catch (ManifestException e) {
            throw new ManifestException(name + ":" + e.getMessage(), e);
        } catch (MarkedYAMLException e) {
            throw new ManifestException(place(name, e) + "not YAML: " + e.getProblem(), e);
        } catch (YAMLException e) {
            throw new ManifestException(name + ": not YAML: " + e.getMessage(), e);
        }
        return documents;
    }

    /** Whether a document holds nothing but remarks. */
    public static boolean isComment(Node document) {
        boolean empty = document.getTag().equals(Tag.NULL) || document.getTag().equals(Tag.COMMENT);
        List<CommentLine> comments = document.getBlockComments();
        return empty
                && comments != null
                && comments.stream().anyMatch(line -> line.getCommentType() == CommentType.BLOCK);
    }

    /** Documents as text, in block style where they are not written otherwise, parted by {@code ---}. */
    public static String write(List<Node> documents) {
        StringWriter text = new StringWriter();
        for (int i = 0; i < documents.size(); i++) {
            if (i > 0) {
                text.append("---\n");
            }
            new Yaml(dumping()).serialize(documents.get(i), text);
        }
        return text.toString();
    }

    /** A tree for maps, lists, strings, numbers and truth values. */
    public static Node node(Object value) {
        return new Yaml(dumping()).represent(value);
    }

    /** Maps, lists and scalars of one document; an empty text is an empty map. */
    @SuppressWarnings("unchecked") // checked by instanceof; keys that are no strings fail where they are looked up
    public static Map<String, Object> values(String name, String text) throws ManifestException {
        try {
            Object value = new Yaml(new SafeConstructor(loading())).load(text);
            if (value == null) {
                return Map.of();
            }
            if (value instanceof Map<?, ?> map && map.keySet().stream().allMatch(String.class::isInstance)) {
                return (Map<String, Object>) map;
            }
            throw new ManifestException(name + ": not a document of keys and values");
        } catch (MarkedYAMLException e) {
            throw new ManifestException(place(name, e) + "not YAML: " + e.getProblem(), e);
        } catch (YAMLException e) {
            throw new ManifestException(name + ": not YAML: " + e.getMessage(), e);
        }
    }

    /** A scalar or a flow collection as YAML reads it: {@code true}, {@code 3}, {@code [a, b]}, {@code text}. */
    public static Object value(String name, String text) throws ManifestException {
        try {
            Object value = new Yaml(new SafeConstructor(loading())).load(text);
            return value == null ? "" : value;
        } catch (YAMLException e) {
            throw new ManifestException(name + ": '" + text + "' is no value in YAML", e);
        }
    }

    private static String place(String name, MarkedYAMLException e) {
        Mark mark = e.getProblemMark();
        return mark == null ? name + ": " : name + ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1) + ": ";
    }

    private static LoaderOptions loading() {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        options.setCodePointLimit(MOST_CODE_POINTS);
        return options;
    }

    private static DumperOptions dumping() {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setProcessComments(true);
        // A folded line is another line to whoever compares two files.
        options.setSplitLines(false);
        options.setWidth(Integer.MAX_VALUE);
        return options;
    }
}
