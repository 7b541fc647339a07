package dev.sluice.config.crd.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestNameTest {
    private static final List<String> NAMES =
            List.of("timeout", "retries", "rewrite", "redirect", "route", "match", "mirrorPercentage", "http", "tcp");

    @ParameterizedTest
    @CsvSource({
        "timout, timeout",
        "timeuot, timeout",
        "Timeout, timeout",
        "time_out, timeout",
        "retry, ",
        "retires, retries",
        "mirror-percentage, mirrorPercentage",
        "htttp, http",
        "tpc, tcp",
        "matches, match",
        "completelyDifferent, ",
        "x, ",
    })
    void theNearestNameIsFoundWhenItIsNear(String written, String meant) {
        assertEquals(meant, NearestName.among(NAMES, written));
    }

    @Test
    void aNameOfAnySizeIsNoWork() {
        assertNull(NearestName.among(NAMES, "t".repeat(1_000_000)));
        assertNull(NearestName.among(NAMES, ""));
    }
}
