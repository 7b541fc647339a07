package dev.sluice.proxy.stream.headers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

/** What is remembered of header names is their bytes, never more than so many, and never another name's. */
class NameMemoryTest {
    private final NameMemory names = new NameMemory();

    private AsciiString read(String name) {
        byte[] line = ("xy" + name + ": value").getBytes(StandardCharsets.US_ASCII);
        AsciiString read = names.name(line, 2, name.length());
        // The decoder reads the next line into the same array.
        Arrays.fill(line, (byte) '?');
        return read;
    }

    @Example
    void aNameThatComesAgainIsTheSameObject() {
        assertSame(read("user-agent"), read("user-agent"));
    }

    @Example
    void caseIsKept() {
        assertEquals("user-agent", read("user-agent").toString());
        assertEquals("User-Agent", read("User-Agent").toString());
        assertEquals("user-agent", read("user-agent").toString());
    }

    @Example
    void aLongNameIsNotRemembered() {
        String name = "x-" + "long".repeat(20);
        assertNotSame(read(name), read(name));
        assertEquals(name, read(name).toString());
    }

    @Property
    void whateverWasReadBeforeANameIsItsBytes(
            @ForAll @Size(max = 600) List<@StringLength(max = 44) @CharRange(from = 'a', to = 'd') String> read) {
        for (String name : read) {
            assertEquals(name, read(name).toString());
        }
    }
}
