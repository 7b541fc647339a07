package dev.sluice.proxy.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.tls.ClientHello.Malformed;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledHeapByteBuf;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is read of a ClientHello, whole, in pieces, broken and made up. */
class ClientHelloTest {
    private static @Nullable ClientHello read(byte[] bytes) throws Malformed {
        ByteBuf buffer = Unpooled.wrappedBuffer(bytes);
        ClientHello hello = ClientHello.read(buffer);
        assertEquals(bytes.length, buffer.readableBytes(), "nothing is consumed");
        return hello;
    }

    private static ClientHello whole(byte[] bytes) throws Malformed {
        ClientHello hello = read(bytes);
        assertNotNull(hello);
        return hello;
    }

    private static String refused(byte[] bytes) {
        return String.valueOf(assertThrows(Malformed.class, () -> read(bytes)).getMessage());
    }

    private static byte[] one(HelloBytes hello) {
        return HelloBytes.records(hello.message(), 1 << 14);
    }

    @Test
    void readsTheNameLowerCaseAndWithoutItsLastDot() throws Malformed {
        assertEquals("shop.example", whole(HelloBytes.named("Shop.Example.")).serverName());
    }

    @Test
    void knowsWhoCanCheckEcdsa() throws Malformed {
        assertTrue(whole(one(new HelloBytes().signatures(0x0804, 0x0603))).ecdsa());
        assertFalse(whole(one(new HelloBytes().signatures(0x0804, 0x0401))).ecdsa());
        assertFalse(whole(one(new HelloBytes())).ecdsa());
    }

    @Test
    void knowsWhoOffersSuitesForEcdsa() throws Malformed {
        assertTrue(whole(one(new HelloBytes().suites(0x1301, 0xc02f, 0xcca9))).ecdsaSuites());
        assertFalse(whole(one(new HelloBytes().suites(0x1301, 0xc02f, 0xcca8))).ecdsaSuites());
    }

    @Test
    void knowsWhoSpeaksTls13() throws Malformed {
        assertTrue(whole(one(new HelloBytes().versions(0x1a1a, 0x0304, 0x0303))).tls13());
        assertFalse(whole(one(new HelloBytes().versions(0x0303))).tls13());
        assertFalse(whole(one(new HelloBytes())).tls13());
    }

    @Test
    void aClientMayNameNoServer() throws Malformed {
        assertNull(whole(one(new HelloBytes().signatures(0x0403))).serverName());
        byte[] otherKind =
                HelloBytes.prefixed(2, HelloBytes.concat(new byte[] {7}, HelloBytes.prefixed(2, new byte[3])));
        assertNull(whole(one(new HelloBytes().extension(0, otherKind))).serverName());
    }

    @Test
    void twoNamesAreAnAttempt() {
        assertTrue(
                refused(one(new HelloBytes().serverName("a").serverName("b"))).contains("twice"));
    }

    @Test
    void aNameWithAControlOrASpaceIsNone() {
        assertTrue(refused(HelloBytes.named("a b")).contains("no host name"));
        assertTrue(refused(HelloBytes.named("a\r\nb")).contains("no host name"));
        assertTrue(refused(HelloBytes.named("a\u0000.example")).contains("no host name"));
    }

    @Test
    void whatIsNoHandshakeOrNoHelloIsSaidSo() {
        byte[] alert = {21, 3, 1, 0, 2, 2, 40};
        assertTrue(refused(alert).contains("not a TLS handshake"));
        byte[] serverHello =
                HelloBytes.records(HelloBytes.concat(new byte[] {2}, HelloBytes.prefixed(3, new byte[40])), 99);
        assertTrue(refused(serverHello).contains("not a ClientHello"));
        byte[] empty = {22, 3, 1, 0, 0};
        assertTrue(refused(empty).contains("size"));
    }

    @Test
    void aMessageThatSaysToBeHugeIsRefusedBeforeItComes() {
        byte[] huge = {22, 3, 1, 0, 4, 1, (byte) 0xff, (byte) 0xff, (byte) 0xff};
        assertTrue(refused(huge).contains("too long"));
    }

    @Test
    void aHelloOfOneByteRecordsIsAnAttemptToBeCostly() {
        assertTrue(refused(HelloBytes.records(
                        new HelloBytes().serverName("a.example").message(), 1))
                .contains("size"));
    }

    /** Of a client that sends byte by byte, each byte has all that came before it looked at. */
    @Test
    void aHelloThatIsNotCompleteIsNotReadThrough() throws Malformed {
        byte[] all = HelloBytes.records(
                new HelloBytes().extension(21, new byte[60_000]).message(), 1 << 14);
        CountingBytes bytes = new CountingBytes(all.length);
        bytes.writeBytes(all, 0, all.length - 1);
        assertNull(ClientHello.read(bytes));
        assertTrue(bytes.reads < 100, () -> bytes.reads + " reads");
        bytes.writeByte(all[all.length - 1]);
        assertNotNull(ClientHello.read(bytes));
        bytes.release();
    }

    /** Counts how often somebody asks for a byte of it. */
    private static final class CountingBytes extends UnpooledHeapByteBuf {
        private int reads;

        CountingBytes(int capacity) {
            super(UnpooledByteBufAllocator.DEFAULT, capacity, capacity);
        }

        @Override
        public byte getByte(int index) {
            reads++;
            return super.getByte(index);
        }
    }

    @Property
    void theNameIsThatOfTheClientHoweverItIsCutIntoRecords(
            @ForAll @CharRange(from = 'a', to = 'z') @StringLength(min = 1, max = 60) String name,
            @ForAll @IntRange(min = 12, max = 400) int size)
            throws Malformed {
        byte[] message = new HelloBytes()
                .signatures(0x0403)
                .serverName(name)
                .extension(43, new byte[] {2, 3, 4})
                .message();
        ClientHello hello = whole(HelloBytes.records(message, size));
        assertEquals(name, hello.serverName());
        assertTrue(hello.ecdsa());
    }

    @Property(tries = 50)
    void anyBeginningOfItIsWaitedOnAndWhatFollowsItIsLeftAlone(
            @ForAll @IntRange(min = 12, max = 400) int size, @ForAll @Size(max = 64) byte[] behind) throws Malformed {
        byte[] all =
                HelloBytes.records(new HelloBytes().serverName("cut.example").message(), size);
        for (int length = 0; length < all.length; length++) {
            assertNull(read(Arrays.copyOf(all, length)), "of " + length + " bytes");
        }
        assertEquals("cut.example", whole(HelloBytes.concat(all, behind)).serverName());
    }

    @Property
    void bytesOfAnyKindAreReadOrWaitedOnOrRefused(@ForAll @Size(max = 600) byte[] bytes) {
        readsOrRefuses(bytes);
        readsOrRefuses(HelloBytes.concat(new byte[] {22, 3, 1}, bytes));
        readsOrRefuses(HelloBytes.records(
                HelloBytes.concat(new byte[] {1}, HelloBytes.prefixed(3, bytes), new byte[] {0}), 1 << 14));
    }

    @Property
    void aHelloWithAByteChangedIsReadOrWaitedOnOrRefused(
            @ForAll @IntRange(min = 0, max = 120) int at, @ForAll byte value) {
        byte[] bytes = HelloBytes.named("www.example.com");
        bytes[at % bytes.length] = value;
        readsOrRefuses(bytes);
    }

    /** Whatever else is thrown ends the test. */
    private static void readsOrRefuses(byte[] bytes) {
        try {
            ClientHello hello = read(bytes);
            if (hello != null && hello.serverName() != null) {
                assertTrue(hello.serverName().chars().allMatch(c -> c > ' ' && c < 0x7f), hello.serverName());
            }
        } catch (Malformed e) {
            assertNotNull(e.getMessage());
        }
    }
}
