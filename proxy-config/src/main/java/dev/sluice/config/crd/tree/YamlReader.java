package dev.sluice.config.crd.tree;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.sluice.config.plan.words.SourcePart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads YAML files into located trees. The text is untrusted (spec/reliability.md E4): at most {@value
 * YamlText#MAX_DOCUMENT} characters and {@value YamlTokens#MAX_DEPTH} levels a document, 50 aliases that stand for at
 * most 100,000 values, no tags but YAML's own plain ones. Whatever the bytes are, the answer is a value, never an
 * exception.
 */
public final class YamlReader {
    private YamlReader() {}

    /**
     * Reads every document of a file.
     *
     * @param file how locations are to name it
     * @param bytes UTF-8, or UTF-16 with a byte order mark
     */
    public static YamlFile read(String file, byte[] bytes) {
        return read(new SourcePart(file), bytes);
    }

    /**
     * Reads every document of a file.
     *
     * @param file where places are in
     * @param bytes UTF-8, or UTF-16 with a byte order mark
     */
    public static YamlFile read(SourcePart file, byte[] bytes) {
        List<YamlDocument> documents = new ArrayList<>();
        YamlProblem fatal = null;
        try {
            String text = YamlText.of(bytes);
            List<YamlDocument> plain = plain(file, text);
            if (plain != null) {
                return new YamlFile(plain, null);
            }
            fatal = any(file, text, documents);
        } catch (UnreadableYaml e) {
            fatal = e.problem();
        }
        return new YamlFile(documents, fatal);
    }

    /**
     * Reads some lines of a file, where reading them by themselves is sure to give what reading the whole file gives of them;
     * null where it is not, and the whole has to be read.
     *
     * @param part the lines: from the beginning of the file or from a line {@code ---} on, until such a line or the end
     * @param bytes UTF-8 without a byte order mark
     */
    public static @Nullable List<YamlDocument> readPart(SourcePart part, byte[] bytes) {
        try {
            List<YamlDocument> documents = plain(part, YamlText.of(bytes));
            // What such a problem says may name a line by its number.
            boolean sound = documents != null
                    && documents.stream()
                            .allMatch(document -> document.problems().isEmpty());
            return sound ? documents : null;
        } catch (UnreadableYaml e) {
            return null; // the whole says at which line
        }
    }

    /** The documents of a text that is plain YAML as a whole; null for any other. */
    static @Nullable List<YamlDocument> plain(SourcePart file, String text) throws UnreadableYaml {
        try {
            Tape tape = new Tape();
            PlainScanner scanner = new PlainScanner(text, tape);
            TreeBuilder builder = new TreeBuilder(file, tape);
            List<YamlDocument> documents = new ArrayList<>();
            while (scanner.next()) {
                documents.add(builder.document(Objects.requireNonNull(tape.nextToken())));
            }
            return documents;
        } catch (PlainCursor.NotPlain e) {
            return null;
        } catch (UnreadableYaml e) {
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException("a tape reads nothing", e);
        }
    }

    /** Reads any text into {@code documents}; why that ended early, or null. */
    static @Nullable YamlProblem any(SourcePart file, String text, List<YamlDocument> documents) throws UnreadableYaml {
        YamlTokens tokens = null;
        try (YamlTokens opened = YamlTokens.over(text)) {
            tokens = opened;
            TreeBuilder builder = new TreeBuilder(file, opened);
            for (JsonToken token = opened.nextToken(); token != null; token = opened.nextToken()) {
                YamlDocument document = builder.document(token);
                boolean empty = document.root() instanceof ScalarNode scalar && scalar.isNull();
                if (!empty || !document.problems().isEmpty()) {
                    documents.add(document);
                }
            }
            return null;
        } catch (UnreadableYaml e) {
            throw e;
        } catch (StreamConstraintsException e) {
            return at(tokens, "nested deeper than " + YamlTokens.MAX_DEPTH + " levels");
        } catch (IOException | RuntimeException e) {
            // Jackson and SnakeYAML report some malformed input (a bad escape, a number out of range in a directive) as
            // unchecked exceptions of many kinds. To the loader all are the same: this text is no YAML.
            String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("not YAML");
            return at(tokens, Quote.clean(message));
        }
    }

    private static YamlProblem at(@Nullable YamlTokens tokens, String message) {
        return new YamlProblem(tokens == null ? 1 : tokens.line(), tokens == null ? 1 : tokens.column(), message);
    }
}
