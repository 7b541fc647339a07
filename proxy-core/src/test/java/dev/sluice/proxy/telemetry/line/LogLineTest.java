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
