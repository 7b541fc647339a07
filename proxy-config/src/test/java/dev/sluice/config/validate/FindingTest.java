package dev.sluice.config.validate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.config.crd.tree.Location;
import dev.sluice.config.validate.Finding.Severity;
import dev.sluice.config.validate.Finding.Subject;
import java.util.List;
import org.junit.jupiter.api.Test;

class FindingTest {
    @Test
    void theTextIsTheLineThatCheckPrints() {
        assertEquals(
                "a.yaml:3:7: warning IST0130 never reached",
                finding("a.yaml", 3, 7, Severity.WARNING, "IST0130").text());
    }

    @Test
    void onlyErrorsOfOneDocumentBlock() {
        assertEquals(
                List.of(true, true, true, false, false, false),
                List.of(
                        finding("a", 1, 1, Severity.ERROR, "SLC0001").blocking(),
                        finding("a", 1, 1, Severity.ERROR, "IST0106").blocking(),
                        finding("a", 1, 1, Severity.ERROR, "SLC0201").blocking(),
                        finding("a", 1, 1, Severity.WARNING, "IST0106").blocking(),
                        finding("a", 1, 1, Severity.ERROR, "IST0101").blocking(),
                        finding("a", 1, 1, Severity.INFO, "SLC0202").blocking()));
    }

    @Test
    void findingsAreInTheOrderOfTheirPlaces() {
        Finding first = finding("a", 2, 9, Severity.INFO, "Z");
        Finding second = finding("a", 10, 1, Severity.ERROR, "A");
        Finding third = finding("a", 10, 2, Severity.ERROR, "A");
        Finding fourth = finding("b", 1, 1, Severity.ERROR, "A");
        Finding fifth = finding("b", 1, 1, Severity.WARNING, "A");
        assertEquals(
                List.of(first, second, third, fourth, fifth),
                List.of(fifth, third, fourth, first, second).stream().sorted().toList());
    }

    private static Finding finding(String file, int line, int column, Severity severity, String code) {
        return new Finding(new Location(file, line, column), severity, code, Subject.NONE, null, "never reached");
    }
}
