package dev.sluice.proxy.codec.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sluice.proxy.stream.headers.H2Headers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersDecoder;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.IllegalFormatException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** Against the vectors of RFC 7541 appendix C, and against Netty's encoder and decoder. */
class HpackReaderTest {
    private static final int MAX = 61_440;
    /** Netty takes what it says of a field for a format, and stumbles over a percent sign in it. */
    private static final String NO_VERDICT = "no verdict";

    private final HpackReader reader = new HpackReader(MAX);

    @Test
    void readsTheRequestsOfAppendixC3() throws Http2Exception {
        assertEquals(
                ":authority=www.example.com :method=GET :path=/ :scheme=http[]",
                read("828684410f7777772e6578616d706c652e636f6d"));
        assertEquals(
                ":authority=www.example.com :method=GET :path=/ :scheme=http[cache-control: no-cache]",
                read("828684be58086e6f2d6361636865"));
        assertEquals(
                ":authority=www.example.com :method=GET :path=/index.html :scheme=https[custom-key: custom-value]",
                read("828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565"));
    }

    @Test
    void readsTheRequestsOfAppendixC4WithHuffman() throws Http2Exception {
        assertEquals(
                ":authority=www.example.com :method=GET :path=/ :scheme=http[]",
                read("828684418cf1e3c2e5f23a6ba0ab90f4ff"));
        assertEquals(
                ":authority=www.example.com :method=GET :path=/ :scheme=http[cache-control: no-cache]",
                read("828684be5886a8eb10649cbf"));
        assertEquals(
                ":authority=www.example.com :method=GET :path=/index.html :scheme=https[custom-key: custom-value]",
                read("828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf"));
    }

    @Test
    void forgetsTheOldestFieldsAsInAppendixC6() throws Http2Exception {
        read("3fe101"); // a table of 256 bytes
        assertEquals(
                ":status=302[cache-control: private, date: Mon, 21 Oct 2013 20:13:21 GMT, location:"
                        + " https://www.example.com]",
                read(
                        "488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97c8e9ae82ae43d3"));
        assertEquals(
                ":status=307[cache-control: private, date: Mon, 21 Oct 2013 20:13:21 GMT, location:"
                        + " https://www.example.com]",
                read("4883640effc1c0bf"));
        assertEquals(
                ":status=200[cache-control: private, date: Mon, 21 Oct 2013 20:13:22 GMT, location:"
                        + " https://www.example.com, content-encoding: gzip, set-cookie:"
                        + " foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1]",
                read(
                        "88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007"));
    }

    @Test
    void aFieldThatComesAgainIsTheSameObject() throws Http2Exception {
        H2Headers first = fields("00036b65790576616c7565");
        H2Headers second = fields("00036b65790576616c7565");
        assertSame(first.name(0), second.name(0));
        assertSame(first.value(0), second.value(0));
    }

    @Test
    void whatIsNeverToBeIndexedIsNotRemembered() throws Http2Exception {
        H2Headers first = fields("10036b657906736563726574");
        H2Headers second = fields("10036b657906736563726574");
        assertEquals("secret", first.value(0).toString());
        assertNotSame(first.value(0), second.value(0));
    }

    @Test
    void brokenBlocksEndTheConnection() {
        for (String block : List.of(
                "80", // index 0
                "be", // an index beyond the table
                "7f", // a number without its rest
                "ffffffffffff0f", // a number that is too large
                "4003", // a text without its bytes
                "400161", // a name without a value
                "8220", // a table size update behind a field
                "3fe21f", // a table of 4,097 bytes
                "00016181ff", // padding of a whole byte
                "0001618118", // padding that is not ones
                "00016184ffffffff" // the end-of-string code
                )) {
            Http2Exception error = assertThrows(
                    Http2Exception.class, () -> new HpackReader(MAX).decodeHeaders(3, bytes(block)), block);
            assertEquals(Http2Error.COMPRESSION_ERROR, error.error(), block);
            assertEquals(false, Http2Exception.isStreamError(error), block);
        }
    }

    @Test
    void malformedListsEndTheStreamEachTimeTheyCome() throws Http2Exception {
        // A name in upper case that goes to the table, and is then sent by its index.
        for (String block : List.of("4001410161", "be")) {
            Http2Exception error = assertThrows(Http2Exception.class, () -> reader.decodeHeaders(3, bytes(block)));
            assertEquals(true, Http2Exception.isStreamError(error), block);
        }
        // By its name alone, too.
        assertThrows(Http2Exception.StreamException.class, () -> reader.decodeHeaders(5, bytes("7e0162")));
        assertEquals("[a: b]", read("0001610162"), "the next list is not touched by it");
    }

    @Test
    void aListAboveTheLimitIsReadToItsEnd() throws Http2Exception {
        HpackReader small = new HpackReader(40);
        Http2Exception error =
                assertThrows(Http2Exception.class, () -> small.decodeHeaders(3, bytes("4001610162" + "4001630164")));
        assertEquals(true, error instanceof Http2Exception.HeaderListSizeException);
        assertEquals("[c: d]", text(small.decodeHeaders(5, bytes("be"))), "its fields are in the table");
    }

    /** What Netty's encoder writes, both decoders read alike, over many lists of one connection. */
    @Property(tries = 200)
    void readsWhatNettyReads(@ForAll @LongRange(min = 0, max = 1L << 40) long seed) throws Http2Exception {
        Random random = new Random(seed);
        DefaultHttp2HeadersEncoder encoder =
                new DefaultHttp2HeadersEncoder((name, value) -> random.nextInt(8) == 0, true, 16, random.nextInt(64));
        DefaultHttp2HeadersDecoder netty = new DefaultHttp2HeadersDecoder(true, MAX);
        HpackReader ours = new HpackReader(MAX);
        for (int i = 0; i < 30; i++) {
            if (random.nextInt(10) == 0) {
                encoder.maxHeaderTableSize(random.nextInt(4097));
            }
            ByteBuf block = Unpooled.buffer();
            encoder.encodeHeaders(3, randomList(random), block);
            assertEquals(outcome(netty, block.duplicate()), outcome(ours, block.duplicate()));
        }
    }

    /** Of bytes by chance, each way to fail is the same. */
    @Property(tries = 2000)
    void refusesWhatNettyRefuses(@ForAll @LongRange(min = 0, max = 1L << 40) long seed) throws Http2Exception {
        Random random = new Random(seed);
        ByteBuf block = Unpooled.buffer();
        new DefaultHttp2HeadersEncoder(Http2HeadersEncoder.NEVER_SENSITIVE, true)
                .encodeHeaders(3, randomList(random), block);
        for (int flips = random.nextInt(4); flips >= 0 && block.isReadable(); flips--) {
            block.setByte(random.nextInt(block.readableBytes()), random.nextInt(256));
        }
        String netty = outcome(new DefaultHttp2HeadersDecoder(true, MAX), block.duplicate());
        Assume.that(!netty.equals(NO_VERDICT));
        assertEquals(netty, outcome(new HpackReader(MAX), block.duplicate()), () -> ByteBufUtil.hexDump(block));
    }

    private static Http2Headers randomList(Random random) {
        Http2Headers list = new DefaultHttp2Headers(false);
        if (random.nextBoolean()) {
            list.method(random.nextBoolean() ? "GET" : "PATCH").scheme("http").path("/" + random.nextInt(20));
        }
        for (int n = random.nextInt(12); n > 0; n--) {
            String name = random.nextInt(3) == 0 ? "accept" : "x-" + random.nextInt(30);
            StringBuilder value = new StringBuilder();
            for (int c = random.nextInt(random.nextInt(100) + 1); c > 0; c--) {
                value.append((char) (random.nextInt(20) == 0 ? 0x80 + random.nextInt(128) : 0x21 + random.nextInt(94)));
            }
            list.add(name, new AsciiString(value.toString().getBytes(StandardCharsets.ISO_8859_1)));
        }
        return list;
    }

    /** The list, or how it failed. Netty leaves two things to others that are ours: blanks at an end, and its own carriers. */
    private static String outcome(Http2HeadersDecoder decoder, ByteBuf block) {
        try {
            Http2Headers list = decoder.decodeHeaders(3, block);
            return list instanceof ReceivedBlock received ? text(received) : text(list);
        } catch (Http2Exception e) {
            if (e.getCause() instanceof IllegalFormatException) {
                return NO_VERDICT;
            }
            return Http2Exception.isStreamError(e) ? "stream" : "connection";
        }
    }

    private static String text(Http2Headers list) {
        List<String> pseudo = new ArrayList<>();
        List<String> fields = new ArrayList<>();
        for (Map.Entry<CharSequence, CharSequence> field : list) {
            String value = field.getValue().toString();
            if (value.endsWith(" ") || value.endsWith("\t")) {
                return "stream";
            }
            if (field.getKey().charAt(0) == ':') {
                pseudo.add(field.getKey() + "=" + value);
            } else {
                fields.add(field.getKey() + ": " + value);
            }
        }
        pseudo.sort(null);
        return String.join(" ", pseudo) + fields;
    }

    private static String text(ReceivedBlock block) {
        Http2Headers pseudo = new DefaultHttp2Headers(false);
        put(pseudo, ":method", block.method());
        put(pseudo, ":scheme", block.scheme());
        put(pseudo, ":path", block.path());
        put(pseudo, ":authority", block.authority());
        put(pseudo, ":protocol", block.protocol());
        put(pseudo, ":status", block.status());
        block.take().forEach(pseudo::add);
        return text(pseudo);
    }

    private static void put(Http2Headers list, String name, CharSequence value) {
        if (value != null) {
            list.add(name, value);
        }
    }

    private String read(String hex) throws Http2Exception {
        return text(reader.decodeHeaders(3, bytes(hex)));
    }

    private H2Headers fields(String hex) throws Http2Exception {
        return reader.decodeHeaders(3, bytes(hex)).take();
    }

    private static ByteBuf bytes(String hex) {
        return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex));
    }

    @Test
    void aBlockHoldsNothingOfTheOneBefore() throws Http2Exception {
        read("828684410f7777772e6578616d706c652e636f6d");
        ReceivedBlock next = reader.decodeHeaders(5, bytes("88"));
        assertNull(next.method());
        assertEquals(-1, next.contentLength());
    }
}
