package dev.sluice.config.translate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.config.crd.mesh.MeshOverrides;
import dev.sluice.config.crd.mesh.MeshSettings;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How long a drain takes, by Istio's names. */
class DrainSettingsTest {
    private static final String ON_ZERO = "defaultConfig.proxyMetadata.EXIT_ON_ZERO_ACTIVE_CONNECTIONS=";
    private static final String LEAST = "defaultConfig.proxyMetadata.MINIMUM_DRAIN_DURATION=";
    private static final String TERMINATION = "defaultConfig.terminationDrainDuration=";
    private static final long DAY = 86_400_000;

    private static String drain(@Nullable Long asked, String... settings) {
        DrainSettings drain =
                DrainSettings.of(MeshSettings.merge(List.of(), null, MeshOverrides.parse(List.of(settings))), asked);
        return drain.leastMillis() + " to " + drain.mostMillis();
    }

    @Test
    void fiveSecondsUnlessSomebodySaysOtherwise() {
        assertEquals("0 to 5000", drain(null));
        assertEquals("0 to 90000", drain(null, TERMINATION + "90s"));
        assertEquals("0 to 7000", drain(7_000L, TERMINATION + "90s"));
        assertEquals("0 to 0", drain(0L));
        assertEquals("0 to 0", drain(null, TERMINATION + "0s"));
    }

    @Test
    void theEndMayWaitForTheLastConnection() {
        assertEquals("5000 to " + DAY, drain(null, ON_ZERO + "true"));
        assertEquals("1500 to " + DAY, drain(null, ON_ZERO + "1", LEAST + "1.5s", TERMINATION + "3s"));
        assertEquals("5000 to 20000", drain(20_000L, ON_ZERO + "TRUE"));
        assertEquals("0 to 5000", drain(null, ON_ZERO + "false"));
    }

    @Test
    void theMinimumIsAMinimum() {
        assertEquals("8000 to 8000", drain(null, LEAST + "8s"));
        assertEquals("8000 to 8000", drain(1_000L, LEAST + "8s"));
        assertEquals("8000 to 60000", drain(60_000L, LEAST + "8s"));
        assertEquals("0 to 5000", drain(null, LEAST + "soon"));
    }

    @Test
    void nobodyWaitsLongerThanADay() {
        assertEquals("0 to " + DAY, drain(null, TERMINATION + "100h"));
        assertEquals(DAY + " to " + DAY, drain(null, LEAST + "100h"));
    }
}
