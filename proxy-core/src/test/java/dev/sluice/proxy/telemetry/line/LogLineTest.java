package dev.sluice.proxy.telemetry.line;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.stream.headers.H1Headers;
import io.netty.util.AsciiString;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class LogLineTest {
    private final LogLine line = new LogLine();

    @Test
    void controlCharactersQuotesAndBackslashesAreEscaped() {
        line.escaped("a\r\nb\"c\\d\u0000e\u00e9\u007f");
        assertEquals("a\\u000d\\u000ab\\\"c\\\\d\\u0000e\\u00e9\\u007f", text());
    }

    @Test
    void lettersThatCameInUtf8AreEscapedAsLetters() {
        for (String letters :
                new String[] {"\u00e4", "\u00c3", "\u00ff\u07ff\u0800\uffff", "a\u20acb", "\ud83d\ude00", "\udbff\udfff"
                }) {
            line.clear();
            line.escaped(octets(letters));
            assertEquals(letters, unescaped(text()));
        }
    }

    /** Continuations alone, a beginning alone, forms that are longer than need be, half a surrogate pair, beyond Unicode. */
    @Test
    void octetsThatSpellNoLetterAreEscapedOneByOne() {
        for (String octets : new String[] {
            "\u00a4",
            "\u00c3",
            "\u00c3a",
            "\u00e2\u0082",
            "\u00c1\u0081",
            "\u00e0\u0080\u00af",
            "\u00f0\u008f\u00bf\u00bf",
            "\u00ed\u00a0\u0080",
            "\u00f4\u0090\u0080\u0080",
            "\u00f5\u0080\u0080\u0080",
            "\u00ff\u00fe"
        }) {
            line.clear();
            line.escaped(octets);
            assertEquals(octets, unescaped(text()));
        }
    }

    @Property
    void whatUtf8CanSayIsReadAgainAsItWas(@ForAll String letters) {
        LogLine any = new LogLine();
        String known = new String(letters.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        any.escaped(octets(known));
        assertEquals(known, unescaped(any.toString()));
    }

    /** As they come from the wire. */
    private static String octets(String letters) {
        return new String(letters.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** As a reader of JSON takes it. */
    private static String unescaped(String escaped) {
        StringBuilder read = new StringBuilder();
        for (int i = 0; i < escaped.length(); i++) {
            char c = escaped.charAt(i);
            if (c != '\\') {
                read.append(c);
            } else if (escaped.charAt(++i) == 'u') {
                read.append((char) Integer.parseInt(escaped, i + 1, i + 5, 16));
                i += 4;
            } else {
                read.append(escaped.charAt(i));
            }
        }
        return read.toString();
    }

    @Test
    void aSpaceIsEscapedOnlyWhereItWouldEndTheField() {
        line.beginValue(true, Integer.MAX_VALUE);
        line.escaped("a b");
        line.raw(' ');
        line.beginValue(false, Integer.MAX_VALUE);
        line.escaped("a b");
        assertEquals("a\\u0020b a b", text());
    }

    @Property
    void whateverComesInStaysInItsLineItsQuotesAndAscii(@ForAll String outside) {
        LogLine any = new LogLine();
        any.raw('"').escaped(outside).raw('"');
        any.end();
        String written = new String(any.array(), 0, any.size(), StandardCharsets.ISO_8859_1);
        assertEquals(written.length() - 1, written.indexOf('\n'));
        String inside = written.substring(1, written.length() - 2);
        assertTrue(inside.chars().allMatch(c -> c >= ' ' && c <= '~'), inside);
        assertFalse(inside.replace("\\\\", "").replace("\\\"", "").contains("\""), inside);
    }

    /** Each kind has a loop of its own; characters that are no octets there are only in strings. */
    @Property
    void everyKindOfTextIsWrittenAlike(@ForAll String outside, @ForAll boolean outsideQuotes) {
        byte[] octets = ("x:" + outside).getBytes(StandardCharsets.ISO_8859_1);
        String text = new String(octets, 2, octets.length - 2, StandardCharsets.ISO_8859_1);
        H1Headers headers = H1Headers.create();
        headers.line(octets, 0, 1, 2, text.length());
        String expected = written(CharBuffer.wrap(text), outsideQuotes);
        assertEquals(expected, written(text, outsideQuotes));
        assertEquals(expected, written(new AsciiString(octets, 2, text.length(), false), outsideQuotes));
        assertEquals(expected, written(headers.peek(AsciiString.of("x")), outsideQuotes));
        assertEquals(written(CharBuffer.wrap(outside), outsideQuotes), written(outside, outsideQuotes));
    }

    private static String written(CharSequence text, boolean outsideQuotes) {
        LogLine any = new LogLine();
        any.beginValue(outsideQuotes, Integer.MAX_VALUE);
        any.escaped(text);
        return any.toString();
    }

    @Test
    void allSmallNumbersAreWritten() {
        for (int i = 0; i < 2_000; i++) {
            line.clear();
            assertEquals(Integer.toString(i), line.number(i).toString());
        }
    }

    @Test
    void numbersAreWrittenToTheirLimits() {
        line.number(0).raw(' ').number(-7).raw(' ').number(1234567890123L).raw(' ');
        line.number(Long.MAX_VALUE)
                .raw(' ')
                .number(Long.MIN_VALUE)
                .raw(' ')
                .padded(7, 3)
                .raw(' ')
                .padded(12345, 2);
        assertEquals("0 -7 1234567890123 9223372036854775807 -9223372036854775808 007 45", text());
    }

    @Test
    void aLongValueIsCutWithAMark() {
        line.escaped("x".repeat(LogLine.MAX_VALUE_BYTES * 2));
        assertTrue(text().endsWith("xxx..."));
        assertTrue(line.size() <= LogLine.MAX_VALUE_BYTES + 3, "bytes: " + line.size());
    }

    @Test
    void aLengthAskedForIsCutWithoutAMark() {
        line.beginValue(false, 3);
        line.escaped("\"\"\"\"\"");
        line.escaped("x");
        assertEquals("\\\"\\\"\\\"", text());
    }

    @Test
    void valuesNeverTakeTheRoomOfTheFormatsOwnText() {
        for (int i = 0; i < 100; i++) {
            line.escaped("\n".repeat(5000));
        }
        assertTrue(line.size() <= LogLine.MAX_BYTES - LogLine.RESERVED_BYTES + 3 * 100, "bytes: " + line.size());
        line.raw("}");
        assertTrue(text().endsWith("...}"));
    }

    @Test
    void evenAFullLineEnds() {
        String own = "y".repeat(1000);
        for (int i = 0; i < 100; i++) {
            line.raw(own).raw('z').number(5).padded(5, 1);
        }
        line.end();
        assertTrue(line.size() <= LogLine.MAX_BYTES, "bytes: " + line.size());
        assertEquals('\n', line.array()[line.size() - 1]);
    }

    @Test
    void aClearedLineStartsAnew() {
        line.beginValue(true, 1);
        line.escaped("a");
        line.clear();
        line.escaped("b c");
        assertEquals("b c", text());
    }

    @Test
    void timesAreIsoInUtcAlsoBefore1970() {
        for (String instant : new String[] {
            "2026-11-21T05:24:00.123Z",
            "2024-02-29T23:59:59.999Z",
            "1969-12-31T23:59:59.001Z",
            "2026-11-21T05:24:00.007Z"
        }) {
            line.clear();
            line.utc().writeIso(line, Instant.parse(instant).toEpochMilli());
            assertEquals(instant, text());
        }
    }

    private String text() {
        return new String(line.array(), 0, line.size(), StandardCharsets.ISO_8859_1);
    }
}
