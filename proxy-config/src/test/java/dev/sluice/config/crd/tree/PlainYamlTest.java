package dev.sluice.config.crd.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.plan.words.SourcePart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is scanned without the library is what the library reads, to the last place; and it is what people write. */
class PlainYamlTest {
    private static final List<String> FILES = files();
    private static final String[] PIECES = {
        "---\n",
        "...\n",
        "--- a\n",
        "\n",
        "\n\n",
        " ",
        "  ",
        "- ",
        "-",
        "a: ",
        "a:",
        "b: c",
        ": ",
        ":",
        ",",
        "{",
        "}",
        "[",
        "]",
        "{a: b}",
        "[a, b]",
        "{a: {b: [c]}}",
        "#",
        " # c",
        "\"",
        "'",
        "''",
        "'it''s'",
        "\"x\"",
        "\\n",
        "&a ",
        "*a",
        "!x ",
        "| \n",
        ">-\n",
        "? ",
        "?",
        "<<: ",
        "~",
        "null",
        "-1",
        "0x1f",
        "1e3",
        "yes",
        "\u00e4",
        "\u2028",
        "\t",
        "\r\n",
        "%",
        "@",
        "`",
        "*.foo.com",
        "a b",
        "a  b",
        "a#b",
        "a: b: c",
        "- - a",
        "- a: b\n  c: d",
        "{a: }",
        "{a}",
        "[a: b]",
        "{a:b}",
        "{\"a\":b}",
        "[a, ]",
        "key with blank: v",
        "\"k\": v",
        "'k' : v",
        "{'k': v}"
    };

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a: b",
                "a:\n  b: c\n",
                "a:\n- b\n- c: d\n  e: f\nx: y",
                "a:\n  - b\n  -\n  - - c\n    - d\n",
                "a: {b: c, d: [e, \"f\", 'g''h'], i: {}}  # comment\nj: []\n",
                "# first\n\n---\n# second\na: b # c\n---\n---\nc: d\n---\n",
                "a:\nb: ~\nc: null\nd: 'no'\ne: no\nf: 0x10\ng: http://x:80/#y\n",
                "- a\n- b: c\n",
                "\"a\": b\n'c' : d\ne f: g\n",
                "a: -1\nb: -x\n",
                "a: \"\u00e4\u20ac\"  # \u00fc\n",
                "on: 1\n1.0: 2\na_b: 3\na: 4\na: 5\n",
                "a: {on: b, 1: c}\n",
                "<<: {a: b}\nc: d\n"
            })
    void isScannedAsTheLibraryReadsIt(String text) throws UnreadableYaml {
        assertNotNull(YamlReader.plain(new SourcePart("f"), text), text);
        same(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a: &x b",
                "a: |\n  b\n",
                "a: b\n c\n",
                "a: b\n  c: d\n",
                "a: [b,\n  c]\n",
                "a: 'b\n  c'\n",
                "a: \"b\\n\"",
                "a:\tb",
                "a: b\r\n",
                "? a\n: b\n",
                "%YAML 1.1\n---\na: b\n",
                "a: b\n...\n",
                "--- a\n",
                "a\n",
                "a: b: c\n",
                "a: - b\n",
                "a: [b\n",
                "a: \"b\" c\n",
                "- a\nb: c\n",
                "a:\n  - b\n c: d\n",
                "a: 'b' #c\nd: \"e\"#f\n",
                "{a: b}\n",
                "a: *b\n"
            })
    void isLeftToTheLibrary(String text) throws UnreadableYaml {
        assertNull(YamlReader.plain(new SourcePart("f"), text), text);
    }

    @Test
    void nestingIsLeftToTheLibraryBeforeItIsTooDeep() throws UnreadableYaml {
        assertNull(YamlReader.plain(new SourcePart("f"), "a: " + "[".repeat(60) + "]".repeat(60)));
        assertNotNull(YamlReader.plain(new SourcePart("f"), "a: " + "[".repeat(20) + "]".repeat(20)));
    }

    @Test
    void mostFilesThatPeopleWriteArePlain() throws UnreadableYaml {
        int plain = 0;
        for (String file : FILES) {
            same(file);
            plain += YamlReader.plain(new SourcePart("f"), file) == null ? 0 : 1;
        }
        int found = plain;
        assertTrue(plain * 10 > FILES.size() * 6, () -> found + " of " + FILES.size());
    }

    @Property(tries = 6000)
    void changedFilesAreScannedAsTheLibraryReadsThem(@ForAll("changes") String text) throws UnreadableYaml {
        same(text);
    }

    @Provide
    Arbitrary<String> changes() {
        return Arbitraries.longs().map(PlainYamlTest::changed);
    }

    private static String changed(long seed) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder();
        if (random.nextBoolean()) {
            String file = FILES.get(random.nextInt(FILES.size()));
            int from = random.nextInt(file.length());
            text.append(file, random.nextBoolean() ? 0 : from, Math.min(file.length(), from + random.nextInt(600)));
        }
        int changes = 1 + random.nextInt(10);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(text.length() + 1);
            if (random.nextInt(4) == 0) {
                text.delete(at, Math.min(text.length(), at + random.nextInt(8)));
            } else {
                text.insert(at, PIECES[random.nextInt(PIECES.length)]);
            }
        }
        return text.toString();
    }

    private static void same(String text) throws UnreadableYaml {
        String allowed;
        try {
            allowed = YamlText.of(text.getBytes(StandardCharsets.UTF_8));
        } catch (UnreadableYaml e) {
            return; // neither reads it
        }
        List<YamlDocument> plain = YamlReader.plain(new SourcePart("f"), allowed);
        if (plain == null) {
            return;
        }
        List<YamlDocument> read = new ArrayList<>();
        assertNull(refusal(allowed, read), () -> "the library refuses\n" + text);
        assertEquals(shown(read), shown(plain), text);
    }

    private static @Nullable YamlProblem refusal(String text, List<YamlDocument> read) {
        try {
            return YamlReader.any(new SourcePart("f"), text, read);
        } catch (UnreadableYaml e) {
            return e.problem();
        }
    }

    private static String shown(List<YamlDocument> documents) {
        StringBuilder out = new StringBuilder();
        for (YamlDocument document : documents) {
            show(document.root(), out);
            out.append(document.problems()).append('\n');
        }
        return out.toString();
    }

    private static void show(Node node, StringBuilder out) {
        out.append(node.location());
        if (node instanceof MapNode map) {
            out.append('{');
            for (int i = 0; i < map.size(); i++) {
                out.append(map.keyLocation(i)).append(map.key(i)).append('=');
                show(map.value(i), out);
            }
            out.append('}');
        } else if (node instanceof ListNode list) {
            out.append('[');
            list.items().forEach(item -> show(item, out));
            out.append(']');
        } else if (node instanceof ScalarNode scalar) {
            out.append(scalar.describe()).append(' ').append(scalar.value());
        }
        out.append('\n');
    }

    private static List<String> files() {
        List<String> texts = new ArrayList<>();
        try (Stream<Path> files = Files.walk(Path.of("src", "test", "resources"))) {
            for (Path file : files.filter(path -> path.toString().endsWith(".yaml"))
                    .sorted()
                    .toList()) {
                texts.add(Files.readString(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return texts;
    }
}
