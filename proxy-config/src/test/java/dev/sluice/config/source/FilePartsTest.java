package dev.sluice.config.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.crd.read.CrdReader;
import dev.sluice.config.crd.read.FileContent;
import dev.sluice.config.crd.read.ReadObject;
import dev.sluice.config.validate.Validator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file read in parts, over and over as it is edited, says what it says read as a whole, at the same lines. */
class FilePartsTest {
    private static final LoadedFile.Reading READING =
            new LoadedFile.Reading(new CrdReader(Set.of()), Validator::validate, new HashSet<>(), 1);

    /** Some of them are plain, some are not, some are broken, and some break others. */
    private static final String[] PIECES = {
        service("a", "/a"),
        service("b", "/b"),
        service("c", "/c"),
        service("c", "''") + "  - route: [{destination: {host: x}}]\n",
        service("d", "/d") + "  unknown: 1\n",
        "kind: Nothing\napiVersion: v1\n",
        "# only words\n",
        "\n\n",
        "--- \n",
        "--- # more\n",
        "---\n---\n",
        "...\n",
        "%YAML 1.1\n",
        "key: |\n  ---\n  text\n",
        "key: \"not\n",
        "ended\"\n",
        "a: &x 1\nb: *x\n",
        "b: *x\n",
        "a: 1\na: 2\n",
        "\ta: 1\n",
        "- 1\n- {b: [c, 'd']}\n",
        "[1,\n",
        "2]\n",
        "bad: \u0007\n",
        "return: \r\n",
        "\uFEFFmark: 1\n",
        "word: \u00e4\u20ac\ud83d\ude00\n",
        "no line end",
        "apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec: {meshConfig: {accessLogFile: x}}\n",
    };

    private static String service(String name, String prefix) {
        return """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata:
                  name: %s
                spec:
                  hosts: [%s.test]
                  http:
                  - match:
                    - uri: {prefix: %s}
                    route:
                    - destination:
                        host: one.test
                """
                .formatted(name, name, prefix);
    }

    @Provide
    Arbitrary<List<List<Integer>>> versions() {
        Arbitrary<Integer> piece = Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.integers().between(0, 2)),
                Tuple.of(1, Arbitraries.integers().between(0, PIECES.length - 1)));
        return piece.list().ofMaxSize(6).list().ofMinSize(1).ofMaxSize(5);
    }

    @Property(tries = 600)
    void saysWhatTheWholeSays(@ForAll("versions") List<List<Integer>> versions) {
        List<FilePart> known = List.of();
        for (List<Integer> version : versions) {
            List<String> pieces = new ArrayList<>();
            version.forEach(piece -> pieces.add(PIECES[piece]));
            byte[] text = String.join("---\n", pieces).getBytes(StandardCharsets.UTF_8);
            FileParts parts = new PartReader("f.yaml", text, READING).read(known);
            known = parts == null ? List.of() : parts.parts();
            if (parts != null) {
                FileContent whole = LoadedFile.checked(READING.reader().read("f.yaml", text), READING.check());
                FileContent joined = parts.content();
                assertFalse(whole.unparsable());
                assertEquals(whole.findings(), joined.findings());
                assertEquals(whole.objects(), joined.objects());
                assertEquals(places(whole), places(joined));
            }
        }
    }

    private static List<String> places(FileContent content) {
        List<String> places = new ArrayList<>();
        for (ReadObject read : content.objects()) {
            places.add(read.object().at().location() + " "
                    + read.object().metadata().at().field("name"));
        }
        return places;
    }

    @Test
    void onlyWhatChangedIsReadAgain() {
        FileParts first = read(List.of(), service("a", "/a"), service("b", "/b"), service("c", "/c"));
        FileParts second = read(first.parts(), service("a", "/a"), service("b", "/other"), service("c", "/c"));
        assertSame(first.parts().get(0), second.parts().get(0));
        assertSame(first.parts().get(2), second.parts().get(2));
        assertFalse(second.moved());
        FileParts third = read(second.parts(), service("x", "/x"), service("b", "/other"), service("c", "/c"));
        assertSame(second.parts().get(1), third.parts().get(1));
        FileParts fourth = read(third.parts(), service("x", "/x"), service("c", "/c"));
        assertSame(third.parts().get(2), fourth.parts().get(1));
        assertTrue(fourth.moved());
        FileParts fifth = read(fourth.parts(), service("x", "/x"), service("c", "/c"), service("e", "/e"));
        assertSame(fourth.parts().get(0), fifth.parts().get(0));
        assertSame(fourth.parts().get(1), fifth.parts().get(1));
    }

    private static FileParts read(List<FilePart> before, String... pieces) {
        byte[] text = String.join("---\n", pieces).getBytes(StandardCharsets.UTF_8);
        return Objects.requireNonNull(new PartReader("f.yaml", text, READING).read(before));
    }

    @Test
    void whatIsNotPlainIsReadAsAWhole() {
        for (int i : new int[] {11, 12, 13, 15, 22, 23}) {
            String text = service("a", "/a") + "---\n" + PIECES[i] + "---\n" + service("b", "/b");
            assertNull(parts(text), text);
        }
        assertNull(parts(service("a", "/a")));
    }

    private static @Nullable FileParts parts(String text) {
        return new PartReader("f.yaml", text.getBytes(StandardCharsets.UTF_8), READING).read(List.of());
    }

    @Test
    void aFileIsOfPartsFromSomeSizeOn(@TempDir Path folder) throws IOException {
        LoadedFile.Reading large = new LoadedFile.Reading(READING.reader(), READING.check(), new HashSet<>(), 500);
        Path small = Files.writeString(folder.resolve("s.yaml"), service("a", "/a"));
        Path big = Files.writeString(
                folder.resolve("b.yaml"), (service("a", "/a") + "---\n").repeat(9) + service("b", "/b"));
        assertInstanceOf(SourceFile.class, load(small, large).source());
        FileParts parts = assertInstanceOf(FileParts.class, load(big, large).source());
        assertEquals(4, parts.parts().size());
        assertEquals(10, parts.content().objects().size());
    }

    private static LoadedFile load(Path path, LoadedFile.Reading reading) throws IOException {
        ConfigFile file = ConfigFiles.list(List.of(path)).files().get(0);
        return LoadedFile.read(file, null, reading);
    }
}
