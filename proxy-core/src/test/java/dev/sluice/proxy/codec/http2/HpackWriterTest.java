package dev.sluice.proxy.codec.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.stream.headers.H2Headers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** Against Netty's decoder. */
class HpackWriterTest {
    private static final int MAX = 1 << 20;

    private final HpackWriter writer = new HpackWriter();
    private final SentBlock block = new SentBlock();
    private final DefaultHttp2HeadersDecoder netty = new DefaultHttp2HeadersDecoder(false, MAX);

    @Test
    void aFieldOfTheFixedTableIsOneByte() {
        assertEquals("82", hex(":method", "GET"));
        assertEquals("84", hex(":path", "/"));
        assertEquals("85", hex(":path", "/index.html"));
        assertEquals("88", hex(":status", "200"));
        assertEquals("8e", hex(":status", "500"));
        assertEquals("90", hex("accept-encoding", "gzip, deflate"));
        assertEquals("93", hex("accept", ""));
    }

    @Test
    void aNameOfTheFixedTableIsANumber() {
        // The first of several with the name; 61 is the last of the table.
        assertEquals("0803" + ascii("302"), hex(":status", "302"));
        assertEquals("0f2e01" + ascii("x"), hex("www-authenticate", "x"));
    }

    @Test
    void whatComesASecondTimeIsRememberedAndThenOneByte() {
        String name = ascii("x-a");
        assertEquals("0003" + name + "01" + ascii("b"), hex("x-a", "b"));
        assertEquals("4003" + name + "01" + ascii("b"), hex("x-a", "b"));
        assertEquals("be", hex("x-a", "b"));
        assertEquals("0f2f01" + ascii("c"), hex("x-a", "c"), "its name by number");
    }

    @Test
    void theSameTextIsKnownWhateverObjectItIs() {
        assertFalse(hex("x-a", "value").equals("be"));
        assertFalse(hex("x-a", new AsciiString("value")).equals("be"));
        assertEquals("be", hex("x-a", new AsciiString("a value").subSequence(2, 7)));
        assertEquals("be", hex("x-a", "value"));
    }

    /** RFC 7541 section 7.1: whoever shares the connection could guess them by the size of his own requests. */
    @Test
    void credentialsAreNeverRemembered() throws Http2Exception {
        for (int i = 0; i < 3; i++) {
            assertEquals("1f0803" + ascii("abc"), hex("authorization", "abc"));
            assertEquals("1f2203" + ascii("abc"), hex("proxy-authorization", "abc"));
            assertEquals("1f1103" + ascii("a=b"), hex("cookie", "a=b"));
        }
    }

    /** Section 7.1.3: also by who only sends it on, and also where another has made the peer remember the very same. */
    @Test
    void whatCameAsNeverIndexedIsSentOnAsNeverIndexed() throws Http2Exception {
        hex("x-key", "abc");
        hex("x-key", "abc");
        assertEquals("be", hex("x-key", "abc"));
        ByteBuf received = Unpooled.buffer();
        received.writeByte(0x10).writeByte(5).writeCharSequence("x-key", StandardCharsets.US_ASCII);
        received.writeByte(3).writeCharSequence("abc", StandardCharsets.US_ASCII);
        received.writeByte(0x1f).writeByte(4).writeByte(3).writeCharSequence("abc", StandardCharsets.US_ASCII);
        received.writeByte(0x0f).writeByte(4).writeByte(3).writeCharSequence("abc", StandardCharsets.US_ASCII);
        H2Headers fields =
                new HpackReader(MAX).read(3, received, received.readableBytes()).take();
        String sent = ByteBufUtil.hexDump(write(writer, fields));
        // By their names' numbers: the table's own, and appendix A's for accept.
        assertEquals("1f2f03" + ascii("abc") + "1f0403" + ascii("abc") + "0f0403" + ascii("abc"), sent);
        received.release();
    }

    @Test
    void manyValuesThatComeOnceDriveNothingOut() {
        hex("x-a", "b");
        hex("x-a", "b");
        for (int i = 0; i < 10_000; i++) {
            String once = hex("x-request-id", "request " + i);
            assertTrue(once.startsWith("000c"), once);
        }
        assertEquals("be", hex("x-a", "b"));
    }

    @Test
    void aSmallerTableIsAnnouncedWithTheNextBlockAndOnce() throws Http2Exception {
        hex("x-a", "b");
        hex("x-a", "b");
        writer.maxHeaderTableSize(0);
        assertEquals("20" + "0003" + ascii("x-a") + "01" + ascii("b"), hex("x-a", "b"));
        assertEquals("0003" + ascii("x-a") + "01" + ascii("b"), hex("x-a", "b"), "there is no room for it");
    }

    /** Section 4.2: the smallest size in between, for what it made the peer forget, and the last one. */
    @Test
    void aTableThatBecameSmallerAndLargerIsAnnouncedTwice() {
        hex("x-a", "b");
        hex("x-a", "b");
        writer.maxHeaderTableSize(0);
        writer.maxHeaderTableSize(100);
        assertEquals("20" + "3f45" + "82", hex(":method", "GET"));
        assertEquals(100, writer.maxHeaderTableSize());
    }

    /** Section 4.4: an entry of 36 bytes each, of which two fit. */
    @Test
    void theOldestFieldMakesRoomForANewOne() {
        writer.maxHeaderTableSize(100);
        for (String name : List.of("x-a", "x-a", "x-b", "x-b", "x-c", "x-c")) {
            hex(name, "1");
        }
        assertEquals("be", hex("x-c", "1"));
        assertEquals("bf", hex("x-b", "1"));
        assertEquals("4003" + ascii("x-a") + "01" + ascii("1"), hex("x-a", "1"), "it had to go, and comes again");
        assertEquals("bf", hex("x-c", "1"));
        assertEquals("4003" + ascii("x-b") + "01" + ascii("1"), hex("x-b", "1"));
    }

    /** Section 4.4: larger than the table, it would empty it; and one that takes a good part of it drives out many. */
    @Test
    void aVeryLargeFieldDrivesNothingOut() {
        hex("x-a", "b");
        hex("x-a", "b");
        for (int size : new int[] {1_000, 5_000}) {
            String value = "v".repeat(size);
            for (int i = 0; i < 3; i++) {
                assertTrue(hex("x-large", value).startsWith("0007"), size + " bytes");
            }
        }
        assertEquals("be", hex("x-a", "b"));
    }

    @Test
    void aLargerTableThanOursIsNotUsed() {
        writer.maxHeaderTableSize(1 << 20);
        assertEquals("82", hex(":method", "GET"));
        assertEquals(4096, writer.maxHeaderTableSize());
    }

    @Test
    void aCharacterThatIsNoOctetBecomesNoOther() {
        assertEquals("0003" + ascii("x-a") + "01" + ascii("?"), hex("x-a", "\u010a"));
    }

    /** Over many lists of one connection, with fields that come again, tables of every size and texts of every length. */
    @Property(tries = 300)
    void whatIsWrittenIsWhatIsRead(@ForAll @LongRange(min = 0, max = 1L << 40) long seed) throws Http2Exception {
        Random random = new Random(seed);
        HpackWriter writer = new HpackWriter();
        DefaultHttp2HeadersDecoder netty = new DefaultHttp2HeadersDecoder(false, MAX);
        HpackReader ours = new HpackReader(MAX);
        for (int i = 0; i < 60; i++) {
            for (int n = random.nextInt(5) == 0 ? random.nextInt(3) : 0; n > 0; n--) {
                writer.maxHeaderTableSize(random.nextInt(4) == 0 ? 4096 : random.nextInt(600));
            }
            List<String> expected = new ArrayList<>();
            ByteBuf bytes = write(writer, randomFields(random, expected));
            assertEquals(expected, read(netty.decodeHeaders(3, bytes.duplicate())));
            List<String> read = new ArrayList<>();
            ours.read(3, bytes, bytes.readableBytes()).take().forEach((name, value) -> read.add(name + ": " + value));
            assertEquals(expected, read);
        }
    }

    private static H2Headers randomFields(Random random, List<String> expected) {
        H2Headers fields = H2Headers.create();
        for (int n = random.nextInt(14); n > 0; n--) {
            String name = random.nextInt(3) == 0 ? "accept" : "x-" + random.nextInt(40);
            int length = random.nextInt(20) == 0 ? random.nextInt(5_000) : random.nextInt(60);
            String value = random.nextInt(4) > 0
                    ? "value " + random.nextInt(6)
                    : "v".repeat(length) + (random.nextBoolean() ? "\u00e9" : "e") + random.nextInt();
            AsciiString bytes = new AsciiString(value.getBytes(StandardCharsets.ISO_8859_1));
            fields.addChecked(AsciiString.of(name), random.nextBoolean() ? value : bytes);
            expected.add(name + ": " + value);
        }
        return fields;
    }

    private static List<String> read(Http2Headers list) {
        List<String> fields = new ArrayList<>();
        for (Map.Entry<CharSequence, CharSequence> field : list) {
            fields.add(field.getKey() + ": " + field.getValue());
        }
        return fields;
    }

    @Test
    void nettysOwnListsAreWrittenAlike() throws Http2Exception {
        ByteBuf bytes = Unpooled.buffer();
        writer.encodeHeaders(3, new DefaultHttp2Headers().status("200").add("x-a", "b"), bytes);
        assertEquals(List.of(":status: 200", "x-a: b"), read(netty.decodeHeaders(3, bytes)));
    }

    private String hex(String name, CharSequence value) {
        H2Headers field = H2Headers.withRoomFor(1);
        field.addChecked(AsciiString.of(name), value);
        return ByteBufUtil.hexDump(write(writer, field));
    }

    private ByteBuf write(HpackWriter writer, H2Headers fields) {
        int length = writer.write(block.trailers(fields));
        return Unpooled.copiedBuffer(writer.bytes(), 0, length);
    }

    private static String ascii(String text) {
        return ByteBufUtil.hexDump(text.getBytes(StandardCharsets.US_ASCII));
    }
}
