package dev.sluice.proxy.stream.headers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Names of headers are the same whatever the case of their letters, and only of their letters. */
class FieldCharsTest {
    @Property
    void aNameIsFoundWhateverTheCaseOfItsLetters(@ForAll("names") String name, @ForAll("names") String before) {
        for (String written : new String[] {name, name.toUpperCase(Locale.ROOT)}) {
            assertTrue(startsWith(before + written, before.length(), name));
        }
    }

    @Property
    void oneOtherOctetIsAnotherName(@ForAll("names") String name, @ForAll int place, @ForAll("tokenChars") char other) {
        int at = Math.floorMod(place, name.length());
        String written = name.substring(0, at) + other + name.substring(at + 1);
        assertEquals(name.equalsIgnoreCase(written), startsWith(written, 0, name));
    }

    /** Those that are a letter's distance apart and no letters: the one pair of a token's characters, and what a line never has. */
    @Example
    void charactersThatDifferByTheBitOfCaseAreOthersUnlessTheyAreLetters() {
        for (int c = 0; c < 128; c++) {
            for (int d = 0; d < 128; d++) {
                String one = "eight" + (char) c + "in";
                String two = "EIGHT" + (char) d + "IN";
                assertEquals(one.equalsIgnoreCase(two), startsWith(two, 0, one), one + " " + two);
            }
        }
    }

    private static boolean startsWith(String text, int start, String name) {
        return FieldChars.startsWith(text.getBytes(StandardCharsets.US_ASCII), start, AsciiString.of(name));
    }

    @Provide
    Arbitrary<String> names() {
        return tokenChars().list().ofMinSize(1).ofMaxSize(40).map(chars -> {
            StringBuilder name = new StringBuilder();
            chars.forEach(name::append);
            return name.toString();
        });
    }

    @Provide
    Arbitrary<Character> tokenChars() {
        return Arbitraries.chars().range('!', '~').filter(FieldChars::isToken);
    }
}
