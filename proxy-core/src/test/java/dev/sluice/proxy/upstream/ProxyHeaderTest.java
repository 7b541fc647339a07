package dev.sluice.proxy.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.config.plan.ConnectPlan.ProxyProtocol;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Bytes as the PROXY protocol's document lays them out. */
class ProxyHeaderTest {
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

    private static InetSocketAddress at(String ip, int port) throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByName(ip), port);
    }

    private static String text(SocketAddress client, SocketAddress target) {
        return new String(new ProxyHeader(ProxyProtocol.V1, client, target).bytes(), StandardCharsets.US_ASCII);
    }

    private static String hex(SocketAddress client, SocketAddress target) {
        return HexFormat.of().formatHex(new ProxyHeader(ProxyProtocol.V2, client, target).bytes());
    }

    @Test
    void version1IsALineOfText() throws UnknownHostException {
        assertEquals(
                "PROXY TCP4 192.0.2.7 198.51.100.1 56324 443\r\n",
                text(at("192.0.2.7", 56324), at("198.51.100.1", 443)));
        assertEquals(
                "PROXY TCP6 2001:db8::7 2001:db8::1 65535 1\r\n", text(at("2001:db8::7", 65535), at("2001:db8::1", 1)));
    }

    @Test
    void version2IsBinary() throws UnknownHostException {
        assertEquals(
                SIGNATURE + "21" + "11" + "000c" + "c0000207" + "c6336401" + "dc04" + "01bb",
                hex(at("192.0.2.7", 56324), at("198.51.100.1", 443)));
        assertEquals(
                SIGNATURE + "21" + "21" + "0024" + "20010db8000000000000000000000007"
                        + "20010db8000000000000000000000001" + "ffff" + "0001",
                hex(at("2001:db8::7", 65535), at("2001:db8::1", 1)));
    }

    @Test
    void whatHasNoAddressIsUnknown() throws UnknownHostException {
        SocketAddress unix = new SocketAddress() {
            private static final long serialVersionUID = 1;
        };
        assertEquals("PROXY UNKNOWN\r\n", text(unix, at("198.51.100.1", 443)));
        assertEquals("PROXY UNKNOWN\r\n", text(at("192.0.2.7", 1), at("2001:db8::1", 443)));
        assertEquals(SIGNATURE + "20" + "00" + "0000", hex(unix, at("198.51.100.1", 443)));
    }
}
