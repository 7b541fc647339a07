package dev.sluice.proxy.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.config.plan.EndpointPlan;
import dev.sluice.proxy.cluster.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What Envoy 1.40 chose for thirty keys over five endpoints, observed. */
class ConsistentHashVectorsTest {
    private static final Random RANDOM = new Random(1);
    private static JsonNode vectors = new ObjectMapper().createObjectNode();
    private static final List<Endpoint> ENDPOINTS = new ArrayList<>();

    @BeforeAll
    static void readVectors() throws IOException {
        try (InputStream in = Objects.requireNonNull(
                ConsistentHashVectorsTest.class.getResourceAsStream("/vectors/consistent-hash.json"))) {
            vectors = new ObjectMapper().readTree(in);
        }
        for (JsonNode address : vectors.get("endpoints")) {
            String[] parts = address.asText().split(":", 2);
            ENDPOINTS.add(new Endpoint(new EndpointPlan(parts[0], Integer.parseInt(parts[1]), 1, null, Map.of()), 0));
        }
    }

    @Test
    void ringHashChoosesWhatEnvoyChooses() {
        assertChoices(
                new RingHash(ENDPOINTS, 1024, () -> RANDOM), vectors.get("ring").get("chosen"));
    }

    @Test
    void maglevChoosesWhatEnvoyChooses() {
        assertChoices(
                new Maglev(ENDPOINTS, 65537, () -> RANDOM),
                vectors.get("maglev").get("chosen"));
    }

    @Test
    void xxHash64MatchesThePublishedVectors() {
        assertEquals(0xEF46DB3751D8E999L, XxHash64.hash(""));
        assertEquals(0xD24EC4F1A98C6E5BL, XxHash64.hash("a"));
        assertEquals(0x44BC2CF5AD770999L, XxHash64.hash("abc"));
        assertEquals(0x0B242D361FDA71BCL, XxHash64.hash("The quick brown fox jumps over the lazy dog"));
    }

    /** From the self-test of Yann Collet's xxhsum: its buffer, lengths, seeds and results. */
    @Test
    void xxHash64MatchesTheSelfTestOfItsAuthor() {
        long prime32 = 2654435761L;
        byte[] buffer = new byte[222];
        long generator = prime32;
        for (int i = 0; i < buffer.length; i++) {
            buffer[i] = (byte) (generator >>> 56);
            generator *= 0x9E3779B185EBCA8DL;
        }
        assertEquals(0xAC75FDA2929B17EFL, XxHash64.hash(new byte[0], prime32));
        assertEquals(0xE934A84ADB052768L, XxHash64.hash(Arrays.copyOf(buffer, 1), 0));
        assertEquals(0x5014607643A9B4C3L, XxHash64.hash(Arrays.copyOf(buffer, 1), prime32));
        assertEquals(0x9136A0DCA57457EEL, XxHash64.hash(Arrays.copyOf(buffer, 4), 0));
        assertEquals(0x8282DCC4994E35C8L, XxHash64.hash(Arrays.copyOf(buffer, 14), 0));
        assertEquals(0xC3BD6BF63DEB6DF0L, XxHash64.hash(Arrays.copyOf(buffer, 14), prime32));
        assertEquals(0xB641AE8CB691C174L, XxHash64.hash(buffer, 0));
        assertEquals(0x20CB8AB7AE10C14AL, XxHash64.hash(buffer, prime32));
    }

    private static void assertChoices(EndpointSelector selector, JsonNode chosen) {
        assertEquals(30, chosen.size());
        chosen.properties().forEach(entry -> {
            Endpoint expected = ENDPOINTS.get(entry.getValue().asText().charAt(1) - '0');
            assertEquals(expected, selector.pick(new Key(XxHash64.hash(entry.getKey()))), entry.getKey());
        });
    }

    private record Key(long hash) implements SelectionContext {
        @Override
        public boolean hasHash() {
            return true;
        }

        @Override
        public int attempt() {
            return 0;
        }
    }
}
