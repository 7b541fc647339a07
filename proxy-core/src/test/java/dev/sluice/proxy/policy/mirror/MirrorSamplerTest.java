package dev.sluice.proxy.policy.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** spec/istio-fields.md §1.1. */
class MirrorSamplerTest {
    @Test
    void theRemainderOfTheIdIsHeldAgainstTheShare() {
        assertTrue(MirrorSampler.takes(250_000, 249_999));
        assertFalse(MirrorSampler.takes(250_000, 250_000));
        assertTrue(MirrorSampler.takes(250_000, 7_000_000));
        assertTrue(MirrorSampler.takes(1, 0));
        assertFalse(MirrorSampler.takes(1, 1));
    }

    @Test
    void theIdIsUnsigned() {
        // 2^64 - 1 is 551,615 modulo a million.
        assertTrue(MirrorSampler.takes(551_616, -1));
        assertFalse(MirrorSampler.takes(551_615, -1));
    }

    @Property
    void allOrNothingAtTheEnds(@ForAll long id) {
        assertTrue(MirrorSampler.takes(1_000_000, id));
        assertFalse(MirrorSampler.takes(0, id));
    }

    @Property
    void aSmallerShareTakesASubsetOfALargerOne(
            @ForAll long id, @ForAll @IntRange(max = 1_000_000) int a, @ForAll @IntRange(max = 1_000_000) int b) {
        boolean smaller = MirrorSampler.takes(Math.min(a, b), id);
        boolean larger = MirrorSampler.takes(Math.max(a, b), id);
        assertEquals(smaller, smaller && larger);
    }
}
