package dev.sluice.proxy.upstream.names;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AnswerTtlsTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final AnswerTtls ttls = new AnswerTtls();

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void anAnswerIsGoodForTheShortestTimeOfItsAddresses() throws UnknownHostException {
        InetAddress one = remembered(1, 30);
        InetAddress other = remembered(2, 10);
        assertEquals(10, ttls.least(List.of(one, other)));
        assertEquals(30, ttls.least(List.of(one)));
    }

    @Test
    void anAddressThatNoAnswerBroughtIsNotReliedOn() throws UnknownHostException {
        InetAddress one = remembered(1, 30);
        assertEquals(0, ttls.least(List.of(one, address(2))));
    }

    @Test
    void twoHostsWithTheSameAddressHaveTimesOfTheirOwn() throws UnknownHostException {
        InetAddress ofOne = remembered(1, 30);
        InetAddress ofOther = remembered(1, 5);
        assertEquals(30, ttls.least(List.of(ofOne)));
        assertEquals(5, ttls.least(List.of(ofOther)));
    }

    @Test
    void whatNobodyHoldsAnyMoreIsForgotten() throws UnknownHostException {
        for (int i = 0; i < 100; i++) {
            remembered(i, 30);
        }
        InetAddress held = address(200);
        Awaitility.await().untilAsserted(() -> {
            System.gc();
            remember(held, 30);
            assertEquals(1, ttls.size());
        });
        assertEquals(30, ttls.least(List.of(held)));
    }

    private InetAddress remembered(int last, long seconds) throws UnknownHostException {
        InetAddress address = address(last);
        remember(address, seconds);
        return address;
    }

    private void remember(InetAddress address, long seconds) {
        ttls.cache("host.example", null, address, seconds, channel.eventLoop());
    }

    private static InetAddress address(int last) throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, (byte) last});
    }
}
