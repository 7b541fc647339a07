package dev.sluice.config.translate.route;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.config.plan.policy.RetryPlan.RetryOn;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RetryOnTokensTest {
    @Test
    void numbersAreStatusCodesAndAskForThem() {
        RetryOnTokens tokens = RetryOnTokens.parse("5xx, 409,reset");
        assertEquals(Set.of(RetryOn.FIVE_XX, RetryOn.RESET, RetryOn.RETRIABLE_STATUS_CODES), tokens.words());
        assertEquals(List.of(409), tokens.statusCodes());
    }

    @Test
    void whatIsNeitherWordNorCodeIsNothing() {
        RetryOnTokens tokens = RetryOnTokens.parse("5xxx,12,1000,-40,,6 0");
        assertEquals(Set.of(), tokens.words());
        assertEquals(List.of(), tokens.statusCodes());
    }
}
