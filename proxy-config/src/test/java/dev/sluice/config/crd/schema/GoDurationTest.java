package dev.sluice.config.crd.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoDurationTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0, 0",
        "0s, 0",
        "1ns, 1",
        "2us, 2000",
        "2µs, 2000",
        "2μs, 2000",
        "300ms, 300000000",
        "1.5s, 1500000000",
        ".5s, 500000000",
        "1.s, 1000000000",
        "-1m, -60000000000",
        "+1h30m, 5400000000000",
        "1h1m1s1ms1us1ns, 3661001001001",
        "0.9ns, 0",
        "1s1s, 2000000000",
    })
    void goSyntaxIsRead(String text, long nanos) {
        assertEquals(Duration.ofNanos(nanos), GoDuration.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", "s", ".s", "1..5s", "1d", "1 s", " 1s", "1s ", "1S", "1e3s", "1s-1s", "٣s"})
    void anythingElseIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> GoDuration.parse(text));
    }

    @Test
    void aMissingUnitIsNamed() {
        assertEquals(
                "needs a unit, such as \"10s\"",
                assertThrows(IllegalArgumentException.class, () -> GoDuration.parse("10"))
                        .getMessage());
    }

    @Test
    void whatNanosecondsCannotHoldIsRefused() {
        assertEquals(Duration.ofNanos(Long.MAX_VALUE), GoDuration.parse(Long.MAX_VALUE + "ns"));
        assertThrows(IllegalArgumentException.class, () -> GoDuration.parse("2562048h"));
        assertThrows(IllegalArgumentException.class, () -> GoDuration.parse("9".repeat(60) + "h"));
    }

    @Property
    void wholeMillisecondsComeBack(@ForAll @LongRange(min = 0, max = 1L << 40) long millis) {
        String text = millis / 1000 + "s" + millis % 1000 + "ms";
        assertEquals(Duration.ofMillis(millis), GoDuration.parse(text));
    }
}
