package dev.sluice.bench.budget;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BudgetTest {
    private final Budget budget = new Budget(List.of("# bytes"), Map.of("exchange", 1000L));

    @Test
    void aFigureMayWanderALittle() {
        assertEquals(List.of(), budget.complaints(Map.of("exchange", 1030L)));
        assertEquals(List.of(), budget.complaints(Map.of("exchange", 950L)));
    }

    @Test
    void moreIsRefused() {
        assertEquals(
                List.of("exchange allocates 1040 bytes, 1000 are allowed"),
                budget.complaints(Map.of("exchange", 1040L)));
    }

    @Test
    void muchLessMustBeWrittenDown() {
        assertEquals(
                List.of("exchange allocates only 900 bytes: lower its budget of 1000"),
                budget.complaints(Map.of("exchange", 900L)));
        assertEquals(
                List.of("# bytes", "exchange                          900"), budget.lowered(Map.of("exchange", 900L)));
    }

    @Test
    void aFigureIsNeverRaised() {
        assertEquals(
                List.of("# bytes", "exchange                         1000"), budget.lowered(Map.of("exchange", 1040L)));
    }

    @Test
    void nothingIsLeftOut() {
        assertEquals(
                List.of("stage has no budget and allocates 8 bytes", "exchange has a budget and was not measured"),
                budget.complaints(Map.of("stage", 8L)));
    }
}
