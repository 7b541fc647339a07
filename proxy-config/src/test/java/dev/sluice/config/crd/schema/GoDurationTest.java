package dev.sluice.config.crd.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.NumericChars;
import net.jqwik.api.constraints.StringLength;
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
        assertThrows(IllegalArgumentException.class, () -> GoDuration.parse(Long.MAX_VALUE + ".1us"));
        assertThrows(IllegalArgumentException.class, () -> GoDuration.parse(Long.MAX_VALUE + "ns1ns"));
        assertThrows(IllegalArgumentException.class, () -> GoDuration.parse("9".repeat(60) + "h"));
    }

    @Property
    void wholeMillisecondsComeBack(@ForAll @LongRange(min = 0, max = 1L << 40) long millis) {
        String text = millis / 1000 + "s" + millis % 1000 + "ms";
        assertEquals(Duration.ofMillis(millis), GoDuration.parse(text));
    }

    /** The reference computes exactly, of every length that is read. */
    @Property
    void everyPartIsExactToTheNanosecond(
            @ForAll @NumericChars @StringLength(max = 24) String whole,
            @ForAll @NumericChars @StringLength(max = 24) String fraction,
            @ForAll Unit unit) {
        Assume.that(!whole.isEmpty() || !fraction.isEmpty());
        String text = whole + "." + fraction + unit.name();
        BigInteger nanos = new BigDecimal("0" + whole + "." + fraction + "0")
                .multiply(BigDecimal.valueOf(unit.nanos))
                .toBigInteger();
        if (nanos.bitLength() < Long.SIZE) {
            assertEquals(Duration.ofNanos(nanos.longValue()), GoDuration.parse(text));
            assertEquals(Duration.ofNanos(-nanos.longValue()), GoDuration.parse("-" + text));
        } else {
            assertThrows(IllegalArgumentException.class, () -> GoDuration.parse(text));
        }
    }

    enum Unit {
        ns(1L),
        us(1_000L),
        ms(1_000_000L),
        s(1_000_000_000L),
        m(60_000_000_000L),
        h(3_600_000_000_000L);

        private final long nanos;

        Unit(long nanos) {
            this.nanos = nanos;
        }
    }
}
