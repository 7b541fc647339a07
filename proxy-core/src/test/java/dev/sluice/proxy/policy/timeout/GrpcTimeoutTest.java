package dev.sluice.proxy.policy.timeout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrpcTimeoutTest {
    @ParameterizedTest
    @CsvSource({
        "1H, 3600000000000",
        "2M, 120000000000",
        "3S, 3000000000",
        "4m, 4000000",
        "5u, 5000",
        "6n, 6",
        "99999999H, 9223372036854775807"
    })
    void everyUnitIsRead(String header, long nanos) {
        assertEquals(nanos, GrpcTimeout.parseNanos(header));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "S", "1", "1s", "-1S", "1.5S", "123456789S", " 1S", "0S"})
    void whatIsNoTimeIsNoDeadline(String header) {
        assertEquals(0, GrpcTimeout.parseNanos(header));
    }

    @Test
    void millisecondsAreRoundedUp() {
        assertEquals("1m", GrpcTimeout.format(1));
        assertEquals("100m", GrpcTimeout.format(TimeUnit.MILLISECONDS.toNanos(100)));
        assertEquals("101m", GrpcTimeout.format(TimeUnit.MILLISECONDS.toNanos(100) + 1));
    }

    /** Never shorter than it was, never longer by more than its unit, and always of a form that is understood. */
    @Property
    void whatIsWrittenIsReadAgain(@ForAll @LongRange(min = 1) long nanos) {
        String header = GrpcTimeout.format(nanos);
        assertTrue(header.length() <= 9, header);
        long read = GrpcTimeout.parseNanos(header);
        assertTrue(read >= nanos, header);
        TimeUnit unit = header.endsWith("m") ? TimeUnit.MILLISECONDS : TimeUnit.SECONDS;
        long step = header.endsWith("H") ? TimeUnit.HOURS.toNanos(1) : unit.toNanos(1);
        assertTrue(read - nanos < step, header);
    }
}
