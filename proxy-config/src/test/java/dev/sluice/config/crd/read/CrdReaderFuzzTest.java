package dev.sluice.config.crd.read;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.validate.Finding;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** YAML is untrusted: whatever the bytes, a reader answers with a value, and its findings point into the file. */
class CrdReaderFuzzTest {
    private static final List<byte[]> SEEDS = seeds();
    private static final String[] TOKENS = {
        "---\n",
        "...\n",
        "&a ",
        "*a",
        "<<: *a",
        "!!binary ",
        "!x ",
        "|\n",
        ">-\n",
        "? ",
        "- ",
        "[",
        "]",
        "{",
        "}",
        ": ",
        ",",
        "\"",
        "'",
        "\\x",
        "\t",
        "\r\n",
        "\0",
        "%YAML 1.1\n",
        "%TAG ! tag:x,2000:\n",
        "#",
        "~",
        "0x",
        "1e999",
        "\uFEFF",
        "null",
        "@",
        "`",
        "\u2028",
        "\u0085",
        "- - - - ",
        "[[[[[[[[",
        "\"\\uD800\"",
        "&a [*a]",
        "kind: List\nitems:\n"
    };
    private final CrdReader reader = new CrdReader(Set.of());

    @Property(tries = 3000)
    void mutatedFilesNeverThrow(@ForAll("mutations") byte[] bytes) {
        FileContent content = reader.read("mesh.yaml", bytes);
        long lines = new String(bytes, UTF_8).lines().count() + 2;
        for (Finding finding : content.findings()) {
            assertTrue(finding.at().line() >= 1 && finding.at().column() >= 1, finding::text);
            assertTrue(finding.at().line() <= lines + breaks(bytes), finding::text);
            assertFalse(finding.text().chars().anyMatch(c -> c < ' '), finding::text);
        }
    }

    /** YAML counts more characters as line ends than Java does. */
    private static long breaks(byte[] bytes) {
        return new String(bytes, UTF_8)
                .chars()
                .filter(c -> c == 0x85 || c == 0x2028 || c == 0x2029)
                .count();
    }

    @Provide
    Arbitrary<byte[]> mutations() {
        return Arbitraries.longs().map(CrdReaderFuzzTest::mutate);
    }

    private static byte[] mutate(long seed) {
        Random random = new Random(seed);
        byte[] bytes = SEEDS.get(random.nextInt(SEEDS.size())).clone();
        int changes = 1 + random.nextInt(6);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(bytes.length);
            int to = Math.min(bytes.length, at + random.nextInt(40));
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes = splice(bytes, at, to, new byte[0]);
                case 2 -> bytes = splice(bytes, at, at, TOKENS[random.nextInt(TOKENS.length)].getBytes(UTF_8));
                case 3 -> bytes = splice(bytes, at, at, Arrays.copyOfRange(bytes, at, to));
                default -> bytes = splice(bytes, at, bytes.length, new byte[] {' '});
            }
        }
        return bytes;
    }

    private static byte[] splice(byte[] bytes, int from, int to, byte[] middle) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes, 0, from);
        out.writeBytes(middle);
        out.write(bytes, to, bytes.length - to);
        return out.size() == 0 ? new byte[] {'~'} : out.toByteArray();
    }

    private static List<byte[]> seeds() {
        try (Stream<Path> files = Files.list(Path.of("src", "test", "resources", "crd"))) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .map(file -> {
                        try {
                            return Files.readAllBytes(file);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    })
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
