package dev.sluice.proxy.codec.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

/** Against a list of all that is remembered. */
class SentTableTest {
    private record Sent(AsciiString name, AsciiString value) {
        int bytes() {
            return Field.size(name, value);
        }
    }

    /** Whatever number comes next: after 2^32 fields they begin anew. */
    @Property(tries = 300)
    void findsWhatIsRememberedAndNothingElse(@ForAll @LongRange(min = 0, max = 1L << 40) long seed) {
        Random random = new Random(seed);
        SentTable table = new SentTable(random.nextBoolean() ? 1 : -random.nextInt(300));
        List<Sent> latestFirst = new ArrayList<>();
        int capacity = SentTable.MOST;
        for (int i = 0; i < 400; i++) {
            if (random.nextInt(40) == 0) {
                capacity = random.nextInt(SentTable.MOST + 1);
                table.capacity(capacity);
                forget(latestFirst, capacity);
            }
            Sent field = field(random);
            assertEquals(
                    latestFirst.indexOf(field) + 1,
                    table.find(
                            hash(field),
                            field.name(),
                            new AsciiString(field.value().toString())));
            if (!latestFirst.contains(field) && field.bytes() <= capacity) {
                table.add(hash(field), field.name(), field.value(), field.bytes());
                latestFirst.add(0, field);
                forget(latestFirst, capacity);
            }
            int byName = table.findName(field.name());
            if (byName > 0) {
                assertEquals(field.name(), latestFirst.get(byName - 1).name());
            }
        }
    }

    /** The oldest, until the others fit. */
    private static void forget(List<Sent> latestFirst, int capacity) {
        while (latestFirst.stream().mapToInt(Sent::bytes).sum() > capacity) {
            latestFirst.remove(latestFirst.size() - 1);
        }
    }

    private static Sent field(Random random) {
        String value = random.nextInt(10) == 0 ? "v".repeat(random.nextInt(3_000)) : "" + random.nextInt(40);
        return new Sent(AsciiString.of("x-" + random.nextInt(8)), AsciiString.of(value));
    }

    /** Few of them, so that many fields share one. */
    private static int hash(Sent field) {
        return (field.name().hashCode() * 31 + field.value().hashCode()) & 0x2f;
    }
}
