package dev.sluice.proxy.balance.hash;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.util.AsciiString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class XxHash64Test {
    @Test
    void matchesThePublishedVectors() {
        assertEquals(0xEF46DB3751D8E999L, XxHash64.hash(""));
        assertEquals(0xD24EC4F1A98C6E5BL, XxHash64.hash("a"));
        assertEquals(0x44BC2CF5AD770999L, XxHash64.hash("abc"));
        assertEquals(0x0B242D361FDA71BCL, XxHash64.hash("The quick brown fox jumps over the lazy dog"));
    }

    /** From the self-test of Yann Collet's xxhsum: its buffer, lengths, seeds and results. */
    @Test
    void matchesTheSelfTestOfItsAuthor() {
        long prime32 = 2654435761L;
        byte[] buffer = new byte[222];
        long generator = prime32;
        for (int i = 0; i < buffer.length; i++) {
            buffer[i] = (byte) (generator >>> 56);
            generator *= 0x9E3779B185EBCA8DL;
        }
        assertEquals(0xAC75FDA2929B17EFL, XxHash64.hash(new byte[0], prime32));
        assertEquals(0xE934A84ADB052768L, XxHash64.hash(Arrays.copyOf(buffer, 1), 0));
        assertEquals(0x5014607643A9B4C3L, XxHash64.hash(Arrays.copyOf(buffer, 1), prime32));
        assertEquals(0x9136A0DCA57457EEL, XxHash64.hash(Arrays.copyOf(buffer, 4), 0));
        assertEquals(0x8282DCC4994E35C8L, XxHash64.hash(Arrays.copyOf(buffer, 14), 0));
        assertEquals(0xC3BD6BF63DEB6DF0L, XxHash64.hash(Arrays.copyOf(buffer, 14), prime32));
        assertEquals(0xB641AE8CB691C174L, XxHash64.hash(buffer, 0));
        assertEquals(0x20CB8AB7AE10C14AL, XxHash64.hash(buffer, prime32));
    }

    @Property
    void aRangeHashesLikeACopyOfIt(
            @ForAll @Size(max = 200) byte[] input, @ForAll @IntRange(max = 200) int cut, @ForAll long seed) {
        int from = Math.min(cut, input.length);
        int to = Math.max(from, input.length - cut / 3);
        assertEquals(XxHash64.hash(Arrays.copyOfRange(input, from, to), seed), XxHash64.hash(input, from, to, seed));
    }

    @Property
    void aNumberHashesLikeItsBytes(@ForAll long value, @ForAll long seed) {
        byte[] bytes = ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
        assertEquals(XxHash64.hash(bytes, seed), XxHash64.hash(value, seed));
    }

    /** Both forms in which codecs hold text, also longer than what is kept for copying. */
    @Property
    void textOfTheWireHashesLikeItsBytes(@ForAll @Size(max = 2_000) byte[] input, @ForAll @IntRange(max = 50) int cut) {
        int from = Math.min(cut, input.length);
        long expected = XxHash64.hash(input, from, input.length, 7);
        String text = new String(input, StandardCharsets.ISO_8859_1);
        assertEquals(expected, WireHash.of(text, from, input.length, 7));
        byte[] within = new byte[input.length + 3];
        System.arraycopy(input, 0, within, 3, input.length);
        AsciiString ascii = new AsciiString(within, 3, input.length, false);
        assertEquals(expected, WireHash.of(ascii, from, input.length, 7));
    }
}
