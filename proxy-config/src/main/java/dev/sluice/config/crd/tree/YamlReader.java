package dev.sluice.config.crd.tree;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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
        List<YamlDocument> documents = new ArrayList<>();
        YamlProblem fatal = null;
        try {
            fatal = read(file, YamlText.of(bytes), documents);
        } catch (UnreadableYaml e) {
            fatal = e.problem();
        }
        return new YamlFile(documents, fatal);
    }

    private static @Nullable YamlProblem read(String file, String text, List<YamlDocument> documents)
            throws UnreadableYaml {
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
