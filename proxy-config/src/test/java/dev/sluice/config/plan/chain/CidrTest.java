package dev.sluice.config.plan.chain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CidrTest {
    private static byte[] ip(String text) throws UnknownHostException {
        return InetAddress.getByName(text).getAddress();
    }

    @Test
    void bitsBehindThePrefixDoNotCount() throws UnknownHostException {
        assertEquals("10.1.0.0/16", Cidr.of(ip("10.1.2.3"), 16).toString());
        assertEquals(Cidr.of(ip("10.1.9.9"), 16), Cidr.of(ip("10.1.2.3"), 16));
        assertEquals(
                "2001:db8:0:0:0:0:0:0/33", Cidr.of(ip("2001:db8:7fff::1"), 33).toString());
    }

    @Test
    void everyAddressIsInTheRangeOfNoBits() throws UnknownHostException {
        assertTrue(Cidr.of(ip("0.0.0.0"), 0).contains(ip("255.1.2.3")));
        assertTrue(Cidr.of(ip("::"), 0).contains(ip("ffff::1")));
        assertFalse(Cidr.of(ip("0.0.0.0"), 0).contains(ip("ffff::1")));
    }

    @Test
    void aMappedAddressIsAnIpv4Address() {
        byte[] mapped = new byte[16];
        mapped[10] = -1;
        mapped[11] = -1;
        mapped[12] = 10;
        assertTrue(Cidr.of(new byte[] {10, 0, 0, 0}, 8).contains(mapped));
        assertEquals("10.0.0.0/8", Cidr.of(mapped, 104).toString());
    }

    @Test
    void holdsAnAddressWhenTheFirstBitsAreEqual() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            int length = random.nextBoolean() ? 4 : 16;
            byte[] one = new byte[length];
            random.nextBytes(one);
            byte[] other = one.clone();
            int flipped = random.nextInt(length * 8);
            other[flipped / 8] ^= (byte) (0x80 >>> (flipped % 8));
            int prefix = random.nextInt(length * 8 + 1);
            Cidr range = Cidr.of(one, prefix);
            int shift = length * 8 - prefix;
            boolean equal = new BigInteger(1, one).shiftRight(shift).equals(new BigInteger(1, other).shiftRight(shift));
            assertEquals(equal, range.contains(other), () -> range + " and a flip of bit " + flipped);
        }
    }

    @Test
    void aPrefixLongerThanTheAddressIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Cidr.of(new byte[4], 33));
        assertThrows(IllegalArgumentException.class, () -> new Cidr(true, 0, 0, 129));
    }
}
