package dev.sluice.proxy.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which addresses are told to be this process's own, and which of them no route may reach. */
class OwnAddressesTest {
    private final OwnAddresses own = new OwnAddresses();

    private static InetSocketAddress at(String address, int port) throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByName(address), port);
    }

    @BeforeEach
    void bind() throws UnknownHostException {
        own.reserve(at("127.0.0.1", 15000));
        own.reserve(at("0.0.0.0", 15020));
        own.listeners(List.of(at("0.0.0.0", 8080), at("0.0.0.0", 15001)), List.of(at("0.0.0.0", 15001)));
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 15000, true, true",
        // connecting to the address of all is connecting to loopback
        "0.0.0.0, 15000, true, true",
        "127.0.0.2, 15000, false, false",
        "127.0.0.2, 15020, true, true",
        "::1, 15020, true, true",
        "192.0.2.1, 15020, false, false",
        "127.0.0.1, 15001, true, true",
        "127.0.0.1, 8080, true, false",
        "127.0.0.1, 8081, false, false",
    })
    void routesMayReachListenersThatAreConnectedToAndNothingElse(
            String address, int port, boolean isOwn, boolean isClosed) throws Exception {
        assertEquals(isOwn, own.isOwn(at(address, port)));
        assertEquals(isClosed, own.isClosedToRoutes(at(address, port)));
    }

    @Test
    void everyAddressOfThisHostLeadsToWhatIsBoundToAll() throws Exception {
        for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
            for (InetAddress address : each.inetAddresses().toList()) {
                assertTrue(own.isClosedToRoutes(new InetSocketAddress(address, 15020)), address.toString());
            }
        }
    }

    @Test
    void aReloadForgetsListenersAndNoPages() throws Exception {
        own.listeners(List.of(), List.of());
        assertEquals(false, own.isOwn(at("127.0.0.1", 15001)));
        assertTrue(own.isClosedToRoutes(at("127.0.0.1", 15000)));
    }
}
