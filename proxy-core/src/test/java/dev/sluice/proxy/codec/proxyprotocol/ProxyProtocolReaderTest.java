package dev.sluice.proxy.codec.proxyprotocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.plan.ConnectPlan.ProxyProtocol;
import dev.sluice.proxy.codec.proxyprotocol.ProxyProtocolReader.Header;
import dev.sluice.proxy.codec.proxyprotocol.ProxyProtocolReader.Malformed;
import dev.sluice.proxy.upstream.ProxyHeader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a header of the PROXY protocol is taken for, and what is none. */
class ProxyProtocolReaderTest {
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
    private static final String V4 = "c0000207" + "c6336401" + "0457" + "01bb";

    private static ByteBuf text(String bytes) {
        return Unpooled.copiedBuffer(bytes, StandardCharsets.ISO_8859_1);
    }

    private static ByteBuf hex(String bytes) {
        return Unpooled.wrappedBuffer(HexFormat.of().parseHex(bytes));
    }

    private static InetSocketAddress at(String address, int port) throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByName(address), port);
    }

    /** The header, found at its last byte and not before; what follows is left alone. */
    private static Header whole(ByteBuf bytes, int length) throws Malformed {
        for (int i = 0; i < length; i++) {
            assertNull(ProxyProtocolReader.read(bytes.slice(0, i)), "after " + i);
        }
        Header header = ProxyProtocolReader.read(bytes);
        assertNotNull(header);
        assertEquals(length, header.length());
        assertEquals(0, bytes.readerIndex());
        return header;
    }

    @ParameterizedTest
    @CsvSource({
        "PROXY TCP4 192.0.2.7 198.51.100.1 1111 443, 192.0.2.7, 198.51.100.1",
        "PROXY TCP6 2001:db8::7 2001:db8::1 1111 443, 2001:db8::7, 2001:db8::1",
    })
    void aLineNamesClientAndTarget(String line, String client, String target) throws Exception {
        Header header = whole(text(line + "\r\nGET /"), line.length() + 2);
        assertEquals(at(client, 1111), header.client());
        assertEquals(at(target, 443), header.target());
    }

    @ParameterizedTest
    @ValueSource(strings = {"PROXY UNKNOWN", "PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535"})
    void aLineMayKnowNobody(String line) throws Exception {
        Header header = whole(text(line + "\r\n"), line.length() + 2);
        assertNull(header.client());
        assertNull(header.target());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n",
                "PROXZ",
                "proxy TCP4 192.0.2.7 198.51.100.1 1 2\r\n",
                "PROXY \r\n",
                "PROXY TCP5 192.0.2.7 198.51.100.1 1 2\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 1\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 1 2 3\r\n",
                "PROXY TCP4  192.0.2.7 198.51.100.1 1 2\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 1 2\n",
                "PROXY TCP4 2001:db8::7 2001:db8::1 1 2\r\n",
                "PROXY TCP6 192.0.2.7 198.51.100.1 1 2\r\n",
                "PROXY TCP6 fe80::1%eth0 fe80::2 1 2\r\n",
                "PROXY TCP6 [::1] ::1 1 2\r\n",
                "PROXY TCP4 192.0.2.300 198.51.100.1 1 2\r\n",
                "PROXY TCP4 localhost 198.51.100.1 1 2\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 -1 2\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 65536 2\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 1 000002\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 1 \r\n",
                "\r\n\r\nX",
            })
    void whatIsNoLineIsRefused(String bytes) {
        assertThrows(Malformed.class, () -> ProxyProtocolReader.read(text(bytes)));
    }

    @Test
    void aLineWithoutEndIsRefusedOnceItIsTooLong() throws Exception {
        String longest = "PROXY UNKNOWN " + "x".repeat(91);
        assertEquals(107, whole(text(longest + "\r\n"), 107).length());
        assertThrows(Malformed.class, () -> ProxyProtocolReader.read(text(longest + "x\r\n")));
    }

    @Test
    void version2NamesClientAndTargetAndItsExtensionsAreSkipped() throws Exception {
        Header header = whole(hex(SIGNATURE + "2111" + "0014" + V4 + "0400050102030405" + "4745"), 36);
        assertEquals(at("192.0.2.7", 1111), header.client());
        assertEquals(at("198.51.100.1", 443), header.target());
        String v6 = "20010db8000000000000000000000007" + "20010db8000000000000000000000001" + "0457" + "01bb";
        Header second = whole(hex(SIGNATURE + "2121" + "0024" + v6), 52);
        assertEquals(at("2001:db8::7", 1111), second.client());
        assertEquals(at("2001:db8::1", 443), second.target());
    }

    @ParameterizedTest
    @CsvSource({
        // LOCAL, whatever it says of addresses; unspecified; UDP; a Unix domain socket
        "2011000c" + V4 + ", 28",
        "20000000, 16",
        "20ff0001aa, 17",
        "21000003aabbcc, 19",
        "2112000c" + V4 + ", 28",
        "21310000, 16",
    })
    void whatNamesNoClientLeavesTheConnectionsOwn(String rest, int length) throws Exception {
        Header header = whole(hex(SIGNATURE + rest), length);
        assertNull(header.client());
        assertNull(header.target());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1111000c" + V4,
                "3111000c" + V4,
                "2211000c" + V4,
                "2141000c" + V4,
                "2113000c" + V4,
                "2111000b" + V4
            })
    void whatVersion2DoesNotKnowIsRefused(String rest) {
        assertThrows(Malformed.class, () -> ProxyProtocolReader.read(hex(SIGNATURE + rest)));
    }

    @Property
    void readsWhatIsWrittenToUpstreams(@ForAll ProxyProtocol version, @ForAll("ends") InetSocketAddress[] ends)
            throws Exception {
        byte[] written = new ProxyHeader(version, ends[0], ends[1]).bytes();
        Header header = whole(Unpooled.wrappedBuffer(written), written.length);
        assertEquals(ends[0], header.client());
        assertEquals(ends[1], header.target());
    }

    @Provide
    Arbitrary<InetSocketAddress[]> ends() {
        return Arbitraries.of(4, 16).flatMap(size -> Combinators.combine(end(size), end(size))
                .as((client, target) -> new InetSocketAddress[] {client, target}));
    }

    private static Arbitrary<InetSocketAddress> end(int size) {
        // Of an IPv4 address in IPv6's form the JDK makes one of IPv4.
        Arbitrary<byte[]> address = Arbitraries.bytes()
                .array(byte[].class)
                .ofSize(size)
                .map(bytes -> {
                    bytes[0] = size == 16 ? 0x20 : bytes[0];
                    return bytes;
                });
        return Combinators.combine(address, Arbitraries.integers().between(0, 65_535))
                .as((bytes, port) -> {
                    try {
                        return new InetSocketAddress(InetAddress.getByAddress(bytes), port);
                    } catch (UnknownHostException e) {
                        throw new IllegalStateException(e);
                    }
                });
    }

    @Property
    void anyBytesAreAHeaderOrTooFewOrRefused(@ForAll byte[] rest, @ForAll boolean binary, @ForAll boolean begun) {
        byte[] signature = binary ? HexFormat.of().parseHex(SIGNATURE) : "PROXY ".getBytes(StandardCharsets.US_ASCII);
        ByteBuf bytes = Unpooled.wrappedBuffer(begun ? signature : new byte[0], rest);
        try {
            Header header = ProxyProtocolReader.read(bytes);
            assertTrue(header == null || header.length() <= bytes.readableBytes());
            assertTrue(header == null || (header.client() == null) == (header.target() == null));
        } catch (Malformed e) {
            assertNotNull(e.getMessage());
        }
    }
}
