package dev.sluice.config.crd.tree;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class YamlReaderTest {
    @Test
    void everyNodeAndKeyKnowsItsPlace() {
        MapNode root = map("# comment\nspec:\n  http:\n  - timeout: 5s\n    match: [{uri: x}]\n");
        assertEquals(new Location("f.yaml", 2, 1), root.location());
        MapNode route =
                (MapNode) list(((MapNode) get(root, "spec")), "http").items().get(0);
        assertEquals("f.yaml:4:14", route.field("timeout").toString());
        assertEquals("f.yaml:4:5", route.key("timeout").toString());
        assertEquals("f.yaml:5:12", route.field("match").toString());
        assertEquals("f.yaml:4:5", route.field("absent").toString());
    }

    @Test
    void documentsAreReadOneByOneAndEmptyOnesLeftOut() {
        YamlFile file = read("---\n# nothing\n---\na: 1\n---\n~\n---\n- 2\n...\n---\n3\n");
        assertNull(file.fatal());
        assertEquals(List.of("{a: 1}", "[2]", "3"), shown(file));
    }

    @Test
    void quotedScalarsStayStrings() {
        assertEquals(
                "{a: true, b: on, c: 1, d: 1, e: null, f: , g: x\n}",
                map("{a: on, b: 'on', c: 1, d: \"1\", e: , f: '', g: \"x\\n\"}").toString());
        assertEquals("on", ((ScalarNode) get(map("{b: 'on'}"), "b")).value());
        assertEquals("1", ((ScalarNode) get(map("b: |-\n  1"), "b")).value());
        assertEquals("1", ((ScalarNode) get(map("b: !!str 1"), "b")).value());
        assertEquals(true, ((ScalarNode) get(map("b: !!bool yes"), "b")).value());
    }

    @Test
    void keysBecomeStringsAsInJson() {
        assertEquals(
                List.of("true", "80", "16", "1", "on"),
                map("{on: a, 80: b, 0x10: c, 1.0: d, 'on': e}").keys());
    }

    @Test
    void anAliasIsTheVeryNodeOfItsAnchor() {
        MapNode root = map("a: &x {k: v}\nb: *x\n");
        assertSame(root.get("a"), root.get("b"));
        assertEquals("f.yaml:1:4", root.field("b").toString());
    }

    @Test
    void mergedKeysGiveWayToWrittenOnesAndToEarlierMerges() {
        MapNode root = map("a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc: {z: 3, <<: [*a, *b]}\nd: {<<: *b, y: 4}\n");
        assertEquals(map("{x: 1, y: 1, z: 3}"), root.get("c"));
        assertEquals(map("{y: 4, z: 2}"), root.get("d"));
    }

    @Test
    void aQuotedMergeKeyIsAnOrdinaryKey() {
        assertEquals(List.of("<<"), map("'<<': {a: 1}").keys());
    }

    @Test
    void anchorsEndWithTheirDocument() {
        assertEquals(
                new YamlProblem(3, 4, "alias *x names no anchor"),
                read("a: &x 1\n---\nb: *x\n").fatal());
    }

    @Test
    void anAliasInsideItsOwnAnchorIsRefused() {
        assertEquals(
                new YamlProblem(1, 8, "alias *x is inside the value that it names"),
                read("a: &x [*x]\n").fatal());
    }

    @Test
    void fiftyAliasesAreTakenAndNoMore() {
        assertNull(read("a: &x 1\nb: [" + "*x, ".repeat(50) + "]\n").fatal());
        assertEquals(
                new YamlProblem(2, 5 + 50 * 4, "more than 50 aliases in one document"),
                read("a: &x 1\nb: [" + "*x, ".repeat(51) + "]\n").fatal());
    }

    @Test
    void aliasesThatMultiplyAreRefusedBeforeTheyAreWalked() {
        StringBuilder bomb = new StringBuilder("l0: &l0 [1,1,1,1,1,1,1,1,1,1]\n");
        for (int i = 1; i < 9; i++) {
            bomb.append("l%d: &l%d [".formatted(i, i))
                    .append("*l%d,".formatted(i - 1).repeat(9))
                    .append("1]\n");
        }
        YamlProblem fatal = read(bomb.toString()).fatal();
        assertNotNull(fatal);
        assertTrue(fatal.message().startsWith("aliases stand for more than 100000"), fatal.message());
    }

    @Test
    void depthIsBoundedWithAndWithoutAliases() {
        assertNull(read("[".repeat(50) + "]".repeat(50)).fatal());
        assertEquals(
                new YamlProblem(1, 51, "nested deeper than 50 levels"),
                read("[".repeat(100_000)).fatal());
        String half = "[".repeat(30) + "]".repeat(30);
        YamlProblem fatal = read("a: &x " + half + "\nb: " + "[".repeat(25) + "*x" + "]".repeat(25))
                .fatal();
        assertNotNull(fatal);
        assertEquals("aliases make a document deeper than 50 levels", fatal.message());
    }

    @Test
    void aKeyGivenTwiceIsToldEachTimeAndReadingGoesOn() {
        YamlFile file = read("a: 1\nb: 2\na: 3\n'a': {c: 1, c: 2}\n");
        assertEquals(
                List.of(
                        new YamlProblem(3, 1, "key \"a\" is given twice (first on line 1)"),
                        new YamlProblem(4, 13, "key \"c\" is given twice (first on line 4)"),
                        new YamlProblem(4, 1, "key \"a\" is given twice (first on line 1)")),
                file.documents().get(0).problems());
        assertEquals("{a: 1, b: 2}", file.documents().get(0).root().toString());
    }

    @Test
    void aWideMappingFindsItsKeysAndItsDuplicates() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            text.append("k").append(i).append(": ").append(i).append('\n');
        }
        YamlFile file = read(text + "k500: x\n");
        assertEquals(1, file.documents().get(0).problems().size());
        MapNode root = (MapNode) file.documents().get(0).root();
        assertEquals(999L, ((ScalarNode) get(root, "k999")).value());
        assertNull(root.get("k1000"));
    }

    @Test
    void windowsLineEndsAndByteOrderMarksChangeNoPlace() {
        assertEquals("f.yaml:2:4", map("\uFEFFa: 1\r\nb: 2\r\n").field("b").toString());
        for (var charset : List.of(UTF_16BE, UTF_16LE)) {
            YamlFile file = YamlReader.read("f.yaml", "\uFEFFa: é\n".getBytes(charset));
            assertEquals(List.of("{a: é}"), shown(file));
        }
    }

    @Test
    void columnsCountCharactersNotBytes() {
        assertEquals(
                new YamlProblem(1, 7, "alias *x names no anchor"),
                read("é🙂: [ *x]").fatal());
    }

    @Test
    void whatIsNoTextIsToldAtItsPlace() {
        assertEquals(
                new YamlProblem(2, 4, "character U+0000 is not allowed in YAML"),
                read("a: 1\nb: \0").fatal());
        assertEquals(
                new YamlProblem(1, 5, "character U+001B is not allowed in YAML"),
                read("a: x\u001b[1m").fatal());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes("a: 1\nb: ü".getBytes(UTF_8));
        bytes.write(0xC0);
        assertEquals(
                new YamlProblem(2, 5, "not valid UTF-8"),
                YamlReader.read("f.yaml", bytes.toByteArray()).fatal());
    }

    @Test
    void aTabAsIndentationIsToldAtItsPlace() {
        YamlProblem fatal = read("a:\n\tb: 1\n").fatal();
        assertNotNull(fatal);
        assertEquals("2:1", fatal.line() + ":" + fatal.column());
    }

    @Test
    void documentsBeforeAFaultAreKept() {
        YamlFile file = read("a: 1\n---\nb: [\n---\nc: 1\n");
        assertEquals(List.of("{a: 1}"), shown(file));
        assertNotNull(file.fatal());
        assertEquals(4, file.fatal().line());
    }

    @Test
    void aDocumentIsBoundedAFileOfManyIsNot() {
        String megabyte = "a: " + "x".repeat(1024 * 1024) + "\n";
        assertNull(read(megabyte + "---\n" + megabyte + "---\n" + megabyte + "---\n" + megabyte)
                .fatal());
        YamlProblem fatal =
                read("b: 1\n---\na: " + "x".repeat(YamlText.MAX_DOCUMENT)).fatal();
        assertNotNull(fatal);
        assertEquals("document is longer than 3145728 characters", fatal.message());
        assertEquals(3, fatal.line());
    }

    @Test
    void keysMustBeScalars() {
        YamlProblem fatal = read("{a: 1, [b]: 2}").fatal();
        assertEquals(new YamlProblem(1, 8, "a key must be a string, not an object, a list or an alias"), fatal);
    }

    @Test
    void equalityIsOfContent() {
        assertEquals(map("{a: [1, x], b: {c: d}}"), map("b:\n  c: d\na:\n- 1\n- x\n"));
        assertEquals(map("{a: 1, b: 2}").hashCode(), map("{b: 2, a: 1}").hashCode());
        assertNotEquals(map("a: '1'"), map("a: 1"));
        assertNotEquals(map("a: 1"), map("a: 1\nb: 1"));
    }

    private static YamlFile read(String text) {
        return YamlReader.read("f.yaml", text.getBytes(UTF_8));
    }

    private static MapNode map(String text) {
        YamlFile file = read(text);
        assertNull(file.fatal());
        assertEquals(List.of(), file.documents().get(0).problems());
        return (MapNode) file.documents().get(0).root();
    }

    private static Node get(MapNode map, String key) {
        Node value = map.get(key);
        assertNotNull(value, key);
        return value;
    }

    private static ListNode list(MapNode map, String key) {
        return (ListNode) get(map, key);
    }

    private static List<String> shown(YamlFile file) {
        return file.documents().stream()
                .map(document -> document.root().toString())
                .toList();
    }
}
