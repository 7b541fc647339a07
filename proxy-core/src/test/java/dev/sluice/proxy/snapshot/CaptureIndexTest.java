package dev.sluice.proxy.snapshot;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.sluice.config.plan.RuleRef;
import dev.sluice.config.plan.chain.Cidr;
import dev.sluice.config.plan.chain.TcpRoutePlan;
import dev.sluice.proxy.tcp.TcpRoute;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which way a dialled address goes: the port first, then the longest range. */
class CaptureIndexTest {
    private static final TcpRoute ROUTE = route();
    private static final TcpRoute OTHER = route();

    private static TcpRoute route() {
        return new TcpRoute(new TcpRoutePlan(RuleRef.DEFAULT, List.of()), List.of());
    }

    private static Ways ways() {
        return new Ways(null, ServerNames.NONE, ROUTE, null);
    }

    private static Cidr range(String address, int prefix) throws UnknownHostException {
        return Cidr.of(InetAddress.getByName(address).getAddress(), prefix);
    }

    @Test
    void theLongestRangeOfThePortTakesTheAddress() throws UnknownHostException {
        Ways single = ways();
        Ways narrow = ways();
        Ways wide = ways();
        Ways any = ways();
        Ways six = ways();
        Ways otherwise = ways();
        CaptureIndex.Builder builder = new CaptureIndex.Builder();
        builder.add(range("10.0.0.0", 8), 80, wide);
        builder.add(range("10.1.0.0", 16), 80, narrow);
        builder.add(range("10.1.1.1", -1), 80, single);
        builder.add(range("fd00::", 8), 80, six);
        builder.add(null, 81, any);
        CaptureIndex index = builder.build(otherwise);
        assertSame(single, index.find(new InetSocketAddress("10.1.1.1", 80)));
        assertSame(narrow, index.find(new InetSocketAddress("10.1.1.2", 80)));
        assertSame(wide, index.find(new InetSocketAddress("10.2.1.1", 80)));
        assertSame(six, index.find(new InetSocketAddress("fd00::1", 80)));
        assertSame(otherwise, index.find(new InetSocketAddress("11.0.0.1", 80)));
        assertSame(any, index.find(new InetSocketAddress("10.1.1.1", 81)));
        assertSame(otherwise, index.find(new InetSocketAddress("10.1.1.1", 82)));
    }

    @Test
    void withNothingForTheRestItIsNobodys() {
        assertNull(new CaptureIndex.Builder().build(null).find(new InetSocketAddress("10.0.0.1", 80)));
    }

    @Test
    void anExactNameGoesBeforeTheLongestWildcard() {
        TcpRoute exact = route();
        ServerNames names = new ServerNames(Map.of("a.b.example", exact, "*.b.example", ROUTE, "*.example", OTHER));
        assertSame(exact, names.find("a.b.example"));
        assertSame(ROUTE, names.find("x.y.b.example"));
        assertSame(OTHER, names.find("b.example"));
        assertNull(names.find("example"));
        assertNull(names.find(null));
    }
}
