package dev.sluice.proxy.codec.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.re2j.Pattern;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * The parsers against Netty's decoder in its strictest setting, which many eyes have looked at: the same of what is
 * well-formed, and of what is not nothing that Netty refuses. Whatever the pieces that the bytes arrive in.
 */
class ParserAgainstNettyTest {
    private static final Pattern LATER_VERSION = Pattern.compile("HTTP/1\\.[2-9]");

    @Property(tries = 1_500)
    void requestsThatAreWellFormedAreReadAsNettyReadsThem(@ForAll long seed) {
        Random random = new Random(seed);
        WireSample sample = new WireSample(random);
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            sample.request();
        }
        ParsedWire read = ParsedWire.requests(sample.bytes(), random);
        assertNull(read.refusal());
        assertEquals(ParsedWire.nettyRequests(sample.bytes()), read);
    }

    @Property(tries = 1_500)
    void responsesThatAreWellFormedAreReadAsNettyReadsThem(@ForAll long seed) {
        Random random = new Random(seed);
        WireSample sample = new WireSample(random);
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            sample.response();
        }
        ParsedWire read = ParsedWire.responses(sample.bytes(), random);
        assertNull(read.refusal());
        assertEquals(ParsedWire.nettyResponses(sample.bytes()), read);
    }

    @Property(tries = 6_000)
    void aRequestThatNettyRefusesOrReadsOtherwiseIsRefused(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] wire = new WireSample(random).request().request().mutated().bytes();
        ParsedWire read = ParsedWire.requests(wire, random);
        if (read.refusal() == null) {
            ParsedWire netty = ParsedWire.nettyRequests(wire);
            // What an extension of a chunk says is dropped here: its grammar matters only as to where it ends.
            if (!isOfExtension(netty) && !isOfLaterVersion(netty, wire)) {
                assertEquals(netty.text(), read.text(), () -> show(wire));
                assertNull(netty.refusal(), () -> show(wire));
            }
        }
    }

    @Property(tries = 3_000)
    void howTheBytesWereCutChangesNothing(@ForAll long seed) {
        Random random = new Random(seed);
        WireSample sample = new WireSample(random);
        boolean requests = random.nextBoolean();
        byte[] wire = (requests ? sample.request().request() : sample.response().response())
                .mutated()
                .bytes();
        // What is wrong with a line may be told before its end has come, but need not be.
        wire = Arrays.copyOf(wire, wire.length + 1);
        wire[wire.length - 1] = '\n';
        byte[] ended = wire;
        Random whole = new Random() {
            @Override
            public int nextInt(int bound) {
                return bound == 4 ? 0 : bound - 1;
            }
        };
        ParsedWire atOnce = requests ? ParsedWire.requests(ended, whole) : ParsedWire.responses(ended, whole);
        ParsedWire inPieces = requests ? ParsedWire.requests(ended, random) : ParsedWire.responses(ended, random);
        assertEquals(atOnce.text(), inPieces.text(), () -> show(ended));
        assertEquals(atOnce.refusal() == null, inPieces.refusal() == null, () -> show(ended));
    }

    @Property(tries = 3_000)
    void anyBytesAreReadOrRefusedAndNothingElse(@ForAll byte[] wire) {
        Random random = new Random(wire.length);
        assertTrue(ParsedWire.requests(wire, random).text().length() <= 2L * wire.length + 100);
        assertTrue(ParsedWire.responses(wire, random).text().length() <= 2L * wire.length + 100);
    }

    /** Netty's look at one runs out of its table at the first byte beyond ASCII. */
    private static boolean isOfExtension(ParsedWire netty) {
        return netty.refusal() != null
                && (netty.refusal().contains("ChunkExtension")
                        || netty.refusal().contains("bitIndex"));
    }

    /** HTTP/1.2 to 1.9 are read as 1.1 (RFC 9110 section 2.5), with its transfer codings; Netty denies them those. */
    private static boolean isOfLaterVersion(ParsedWire netty, byte[] wire) {
        return netty.refusal() != null
                && netty.refusal().contains("TransferEncodingNotAllowed")
                && LATER_VERSION
                        .matcher(new String(wire, StandardCharsets.ISO_8859_1))
                        .find();
    }

    private static String show(byte[] wire) {
        return new String(wire, StandardCharsets.ISO_8859_1)
                .replace("\r", "\\r")
                .replace("\n", "\\n\n")
                .replace("\u0000", "\\0");
    }
}
