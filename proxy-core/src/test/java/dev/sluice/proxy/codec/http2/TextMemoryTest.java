package dev.sluice.proxy.codec.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TextMemoryTest {
    private final TextMemory memory = new TextMemory(64, 40);

    @Test
    void findsWhatItKeptByItsBytes() {
        AsciiString kept = keep("accept");
        byte[] line = bytes("..accept..");
        assertSame(kept, memory.find(line, 2, 6));
        assertNull(memory.find(line, 1, 6));
        assertNull(memory.find(line, 2, 5));
    }

    @Test
    void theTextsOfAMessageStayOneBesideTheOther() {
        for (int round = 0; round < 3; round++) {
            int missed = 0;
            for (int i = 0; i < 16; i++) {
                byte[] text = bytes("x-header-" + i);
                if (memory.find(text, 0, text.length) == null) {
                    missed++;
                    memory.keep(new AsciiString(text));
                }
            }
            assertTrue(round == 0 || missed == 0, missed + " missed in round " + round);
        }
    }

    @Test
    void anInventorOfTextsTakesNoMoreThanItsPlaces() {
        int found = 0;
        for (int i = 0; i < 10_000; i++) {
            keep("x-" + i);
        }
        for (int i = 0; i < 10_000; i++) {
            byte[] text = bytes("x-" + i);
            found += memory.find(text, 0, text.length) == null ? 0 : 1;
        }
        assertEquals(64, found);
    }

    @Test
    void longTextsAreNotKept() {
        String text = "x".repeat(41);
        keep(text);
        assertNull(memory.find(bytes(text), 0, 41));
    }

    private AsciiString keep(String text) {
        AsciiString kept = new AsciiString(bytes(text));
        memory.keep(kept);
        return kept;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
