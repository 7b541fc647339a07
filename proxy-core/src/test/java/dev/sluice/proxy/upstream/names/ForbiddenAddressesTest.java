package dev.sluice.proxy.upstream.names;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForbiddenAddressesTest {
    @ParameterizedTest
    @CsvSource({
        "169.254.169.254, true", // metadata of most clouds
        "169.254.0.1, true",
        "169.253.255.255, false",
        "169.255.0.0, false",
        "0.0.0.0, true", // connects to this machine
        "0.1.2.3, true",
        "224.0.0.1, true",
        "255.255.255.255, true",
        "223.255.255.255, false",
        "127.0.0.1, false",
        "10.1.2.3, false",
        "192.168.1.1, false",
        "8.8.8.8, false",
        "fe80::1, true",
        "febf::1, true",
        "fec0::1, false",
        "ff02::1, true",
        "::, true",
        "::1, false",
        "fd00:ec2::254, true",
        "fd00:ec2::253, false",
        "2001:db8::1, false",
        "::ffff:169.254.169.254, true",
        "::ffff:10.0.0.1, false",
        "::169.254.169.254, true",
        "64:ff9b::a9fe:a9fe, true", // NAT64 of 169.254.169.254
        "64:ff9b::808:808, false",
        "2002:a9fe:a9fe::1, true", // 6to4 of it
        "2002:808:808::1, false",
    })
    void judgesByTheAddressThatIsReachedInTheEnd(String address, boolean forbidden) {
        assertEquals(forbidden, ForbiddenAddresses.contains(NetUtil.createInetAddressFromIpAddressString(address)));
    }

    /** What the platform's resolver makes of odd spellings is judged as what it is. */
    @Test
    void spellingsThatOnlyTheResolverKnowsAreNoWayRound() throws UnknownHostException {
        for (String spelling : List.of("2852039166", "169.16689662")) {
            assertEquals(true, ForbiddenAddresses.contains(InetAddress.getByName(spelling)), spelling);
        }
    }

    @Test
    void anIpv4AddressInTheClothesOfAnIpv6OneIsForbiddenToo() throws UnknownHostException {
        byte[] mapped = new byte[16];
        mapped[10] = (byte) 0xff;
        mapped[11] = (byte) 0xff;
        System.arraycopy(new byte[] {(byte) 169, (byte) 254, 1, 1}, 0, mapped, 12, 4);
        assertEquals(true, ForbiddenAddresses.contains(Inet6Address.getByAddress("x", mapped, -1)));
    }
}
