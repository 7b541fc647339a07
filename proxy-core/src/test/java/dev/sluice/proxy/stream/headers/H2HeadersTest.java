package dev.sluice.proxy.stream.headers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class H2HeadersTest {
    private record Entry(AsciiString name, String value, boolean secret) {}

    /** A mark that went to another field would show a secret to whoever shares the connection. */
    @Property(tries = 500)
    void aFieldKeepsItsMarkWhateverIsRemovedSetAndCopied(
            @ForAll Random random, @ForAll @IntRange(min = 0, max = 90) int count) {
        List<Entry> model = new ArrayList<>();
        CharSequence[] fields = new CharSequence[2 * count];
        int marks = 0;
        for (int i = 0; i < count; i++) {
            Entry entry = new Entry(name(random), "v" + i, random.nextInt(4) == 0);
            model.add(entry);
            fields[2 * i] = entry.name();
            fields[2 * i + 1] = entry.value();
            marks |= entry.secret() ? H2Headers.mark(i) : 0;
        }
        H2Headers headers = H2Headers.ofChecked(fields, 2 * count, marks);
        boolean exact = count < Integer.SIZE;
        for (int n = random.nextInt(4); n > 0; n--) {
            AsciiString name = name(random);
            headers.remove(name);
            model.removeIf(entry -> entry.name().equals(name));
            headers.add(name, "own");
            model.add(new Entry(name, "own", false));
            exact &= model.size() < Integer.SIZE;
            headers = (H2Headers) headers.copy();
        }
        assertEquals(model.size(), headers.size());
        for (int i = 0; i < model.size(); i++) {
            Entry entry = model.get(i);
            assertEquals(entry.name(), headers.name(i));
            assertEquals(entry.value(), headers.value(i).toString());
            assertTrue(headers.isNeverIndexed(i) || !entry.secret(), "the mark of " + i + " is lost");
            assertTrue(!exact || headers.isNeverIndexed(i) == entry.secret(), i + " has another's mark");
        }
    }

    @Test
    void ofVeryManyFieldsTheLastAreMarkedTogether() {
        CharSequence[] fields = new CharSequence[200];
        for (int i = 0; i < 100; i++) {
            fields[2 * i] = AsciiString.of("x-" + i);
            fields[2 * i + 1] = "v";
        }
        H2Headers headers = H2Headers.ofChecked(fields, 200, H2Headers.mark(80));
        assertFalse(headers.isNeverIndexed(30));
        assertTrue(headers.isNeverIndexed(31));
        assertTrue(headers.isNeverIndexed(80));
    }

    @Test
    void severalValuesAreTestedTogetherAndOneByOneButCrumbsOfACookieOnlyTogether() {
        CharSequence[] fields = new CharSequence[10];
        String[] entries = {"a", "1", "b", "2", "cookie", "k=1", "a", "3", "cookie", "l=2"};
        for (int i = 0; i < entries.length; i += 2) {
            fields[i] = AsciiString.of(entries[i]);
            fields[i + 1] = entries[i + 1];
        }
        H2Headers headers = H2Headers.ofChecked(fields, fields.length, 0);
        assertEquals(List.of("1,3", "1", "3"), tested(headers, "a"));
        assertEquals(List.of("2"), tested(headers, "b"));
        assertEquals(List.of(), tested(headers, "c"));
        assertEquals(List.of("k=1; l=2"), tested(headers, "cookie"));
        assertTrue(headers.satisfies(AsciiString.of("a"), "3"::contentEquals));
    }

    private static List<String> tested(H2Headers headers, String name) {
        List<String> tested = new ArrayList<>();
        assertFalse(headers.satisfies(AsciiString.of(name), value -> !tested.add(value.toString())));
        return tested;
    }

    private static AsciiString name(Random random) {
        return AsciiString.of("x-" + random.nextInt(12));
    }
}
