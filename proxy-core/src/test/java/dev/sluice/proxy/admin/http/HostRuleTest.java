package dev.sluice.proxy.admin.http;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostRuleTest {
    private static final InetSocketAddress LOOPBACK = new InetSocketAddress(InetAddress.getLoopbackAddress(), 15000);
    private static final InetSocketAddress OUTSIDE = new InetSocketAddress("10.1.2.3", 15000);

    private final HostRule loopback = new HostRule("127.0.0.1", false);

    @Test
    void onLoopbackOnlyLoopbackIsOurs() {
        for (String host :
                List.of("localhost", "LocalHost:15000", "127.0.0.1", "127.0.0.1:1", "[::1]", "[::1]:15000")) {
            assertTrue(loopback.allows(host, LOOPBACK), host);
        }
        for (String host : List.of(
                "example.com",
                "localhost.example.com",
                "localhost@example.com",
                "10.1.2.3",
                "0.0.0.0",
                "[::]",
                "localhost:x",
                "localhost:80:80",
                "localhost:123456",
                "[::1]x",
                "",
                ":15000")) {
            assertFalse(loopback.allows(host, LOOPBACK), host);
        }
    }

    @Test
    void beyondLoopbackALiteralIsAsGoodAsTheBoundOne() {
        HostRule outside = new HostRule("10.1.2.3", true);
        assertTrue(outside.allows("10.1.2.3:15000", OUTSIDE));
        assertTrue(outside.allows("192.0.2.9:8000", OUTSIDE), "behind a port mapping");
        assertFalse(outside.allows("rebound.example:15000", OUTSIDE));
    }

    @Test
    void theNameItWasBoundByIsOurs() {
        assertTrue(new HostRule("admin.internal", true).allows("Admin.Internal:15000", OUTSIDE));
        assertFalse(new HostRule("", true).allows("", OUTSIDE), "no name is bound by every address");
    }
}
