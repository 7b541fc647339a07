package dev.sluice.proxy.admin.scrape;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** An app's metrics come in any pieces, and go on line by line. */
class WholeLinesTest {
    private static String text(ByteBuf lines) {
        String text = lines.toString(StandardCharsets.UTF_8);
        lines.release();
        return text;
    }

    /** What went on until the app ended, well or not. */
    private static String through(List<String> pieces, boolean marked, boolean complete) {
        WholeLines lines = new WholeLines(marked);
        StringBuilder out = new StringBuilder();
        for (String piece : pieces) {
            lines.add(Unpooled.copiedBuffer(piece, StandardCharsets.UTF_8));
            // Whoever reads them is not always ready for more.
            if (piece.length() % 2 == 0) {
                out.append(text(lines.take()));
            }
        }
        out.append(complete ? "" : text(lines.take()));
        if (complete) {
            out.append(text(lines.rest()));
        }
        lines.release();
        return out.toString();
    }

    @Provide
    Arbitrary<List<String>> pieces() {
        return Arbitraries.of("a 1\n", "b{x=\"é\"} 2", "\n", "# EOF", "# EOF\n", "\r\n", "# TYPE a counter\n", "c", "")
                .list()
                .ofMaxSize(12);
    }

    @Property
    void textGoesOnAsItCame(@ForAll("pieces") List<String> pieces) {
        String all = String.join("", pieces);
        assertEquals(all.isEmpty() || all.endsWith("\n") ? all : all + "\n", through(pieces, false, true));
        assertEquals(all.substring(0, all.lastIndexOf('\n') + 1), through(pieces, false, false));
    }

    @Property
    void theMarkAndWhatFollowsItIsTakenOff(@ForAll("pieces") List<String> pieces) {
        StringBuilder expected = new StringBuilder();
        String all = String.join("", pieces);
        for (String line : all.split("(?<=\n)", -1)) {
            if (line.strip().equals("# EOF") && !line.startsWith("\r")) {
                break;
            }
            expected.append(line.isEmpty() || line.endsWith("\n") ? line : line + "\n");
        }
        assertEquals(expected.toString(), through(pieces, true, true), all);
    }

    @Test
    void aLineWithoutAnEndIsNoticed() {
        WholeLines lines = new WholeLines(false);
        lines.add(Unpooled.copiedBuffer("a 1\n" + "x".repeat(2_000_000), StandardCharsets.US_ASCII));
        assertFalse(lines.overlong(), "there is something to hand on first");
        assertEquals("a 1\n", text(lines.take()));
        assertTrue(lines.overlong());
        lines.release();
    }
}
