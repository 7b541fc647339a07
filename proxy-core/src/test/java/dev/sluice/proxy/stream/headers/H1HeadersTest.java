package dev.sluice.proxy.stream.headers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Lines of text behave as a list of names and values would, whatever is done to them in whatever order. */
class H1HeadersTest {
    private static final List<String> NAMES =
            List.of("a", "A", "host", "Host", "x-ab", "x-bb", "X-Ab", "x-envoy-a", "content-length", "n".repeat(70));

    private record Entry(String name, String value) {
        @Override
        public String toString() {
            return name + "=" + value;
        }
    }

    @Property(tries = 500)
    void behavesAsAListOfEntries(@ForAll long seed) {
        Random random = new Random(seed);
        H1Headers headers = random.nextBoolean() ? H1Headers.lent() : H1Headers.create();
        List<Entry> model = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            change(headers, model, random);
            assertEquals(model.toString(), headers.toString());
            assertEquals(model.size(), headers.size());
            String asked = NAMES.get(random.nextInt(NAMES.size()));
            AsciiString name = AsciiString.of(asked);
            List<String> values = model.stream()
                    .filter(entry -> entry.name.equalsIgnoreCase(asked))
                    .map(Entry::value)
                    .toList();
            assertEquals(values, headers.getAll(name));
            assertEquals(!values.isEmpty(), headers.contains(name));
            assertEquals(values.isEmpty() ? null : values.get(0), headers.get(name));
            assertEquals(values.isEmpty() ? null : String.join(",", values), headers.joined(name));
            List<String> looked = new ArrayList<>();
            assertFalse(headers.satisfies(name, value -> !looked.add(value.toString())));
            List<String> each = new ArrayList<>(values);
            if (values.size() > 1) {
                each.add(0, String.join(",", values));
            }
            assertEquals(each, looked);
        }
        List<Entry> visited = new ArrayList<>();
        headers.forEach((name, value) -> visited.add(new Entry(name.toString(), value.toString())));
        assertEquals(model, visited);
        headers.recycle();
    }

    private static void change(H1Headers headers, List<Entry> model, Random random) {
        String name = NAMES.get(random.nextInt(NAMES.size()));
        String value = "v".repeat(random.nextInt(random.nextInt(8) == 0 ? 900 : 9)) + random.nextInt(9);
        switch (random.nextInt(6)) {
            case 0 -> {
                headers.set(AsciiString.of(name), value);
                model.removeIf(entry -> entry.name.equalsIgnoreCase(name));
                model.add(new Entry(name, value));
            }
            case 1 ->
                assertEquals(
                        model.removeIf(entry -> entry.name.equalsIgnoreCase(name)),
                        headers.remove(AsciiString.of(name)));
            case 2 -> {
                byte[] line = ("??" + name + " : " + value + " ").getBytes(StandardCharsets.ISO_8859_1);
                headers.line(line, 2, name.length(), name.length() + 5, value.length());
                model.add(new Entry(name, value));
            }
            case 3 -> {
                if (!model.isEmpty() && random.nextBoolean()) {
                    int i = random.nextInt(model.size());
                    headers.remove(i);
                    model.remove(i);
                }
            }
            default -> {
                headers.add(AsciiString.of(name), random.nextBoolean() ? value : AsciiString.of(value));
                model.add(new Entry(name, value));
            }
        }
    }

    @Example
    void theTextOfALineIsWhatTheWireWants() {
        H1Headers headers = H1Headers.create();
        headers.append("X-A", "1");
        headers.append("b", "");
        String text = new String(headers.text(), 0, headers.lineEnd(1), StandardCharsets.US_ASCII);
        assertEquals("X-A: 1\r\nb: \r\n", text);
        assertEquals(8, headers.lineEnd(0));
        assertEquals(8, headers.lineStart(1));
        assertEquals(13, headers.lineEnd(1));
        assertEquals(0, headers.valueLength(1));
    }

    @Example
    void aFoldedLineGrowsByABlankAndItsText() {
        H1Headers headers = H1Headers.create();
        byte[] text = "ab".getBytes(StandardCharsets.US_ASCII);
        headers.line(text, 0, 1, 1, 0);
        headers.unfold(text, 0, 2);
        headers.unfold(text, 1, 1);
        headers.unfold(text, 0, 0);
        headers.append("c", "d");
        assertEquals("[a=ab b, c=d]", headers.toString());
    }

    @Example
    void whatCannotBeAHeaderIsRefusedAndChangesNothing() {
        H1Headers headers = H1Headers.create();
        headers.append("a", "1");
        for (String name : List.of("", "a b", "a:", "a\r", "\u0000", "\u00e4", "\u0161", "n".repeat(70_000))) {
            assertThrows(IllegalArgumentException.class, () -> headers.append(name, "v"), name);
        }
        for (String value : List.of("a\rb", "a\nb", "\u0000", "a\u007f", " a", "\ta", "\u0001")) {
            assertThrows(IllegalArgumentException.class, () -> headers.set(AsciiString.of("a"), value), value);
        }
        assertEquals("[a=1]", headers.toString());
    }

    /** U+010A would be a line feed if its high byte were cut off. */
    @Example
    void aCharacterThatIsNoOctetIsAQuestionMark() {
        H1Headers headers = H1Headers.create();
        headers.append("a", "x\u010ay\u00e4");
        assertEquals("x?y\u00e4", headers.get(AsciiString.of("a")));
    }

    @Example
    void aCopyHasALifeOfItsOwn() {
        H1Headers headers = H1Headers.lent();
        headers.append("a", "1");
        H1Headers copy = headers.copy();
        headers.append("b", "2");
        copy.append("c", "3");
        headers.recycle();
        assertEquals("[a=1, c=3]", copy.toString());
    }

    @Example
    void whoLooksAtRecycledHeadersFindsNothingAndNotThoseOfTheNext() {
        H1Headers first = H1Headers.lent();
        first.append("a", "secret");
        String value = first.get(AsciiString.of("a"));
        first.recycle();
        first.recycle();
        H1Headers second = H1Headers.lent();
        H1Headers third = H1Headers.lent();
        second.append("a", "other!");
        third.append("a", "third!");
        assertEquals("secret", value);
        assertEquals(0, first.size());
        assertNull(first.get(AsciiString.of("a")));
        assertEquals("[a=other!]", second.toString());
        assertEquals("[a=third!]", third.toString());
        first.append("late", "1");
        assertEquals("[a=other!]", second.toString());
    }

    @Example
    void aPrefixIsFoundInWhateverCase() {
        H1Headers headers = H1Headers.create();
        headers.append("X-Envoy-Foo", "1");
        assertTrue(headers.containsPrefix(AsciiString.of("x-envoy-")));
        assertFalse(headers.containsPrefix(AsciiString.of("x-istio-")));
        assertFalse(headers.containsPrefix(AsciiString.of("x-envoy-foo-bar")));
    }
}
