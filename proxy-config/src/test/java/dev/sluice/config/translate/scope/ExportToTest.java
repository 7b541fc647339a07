package dev.sluice.config.translate.scope;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExportToTest {
    @ParameterizedTest
    @CsvSource({
        "'',            own,   PUBLIC",
        "*,             other, PUBLIC",
        ".,             own,   PRIVATE",
        ".,             other, null",
        "own,           own,   PRIVATE",
        "other,         other, EXPORTED",
        "other,         own,   null",
        "a other,       other, EXPORTED",
        "~,             own,   null",
    })
    void anObjectIsSeen(String exportTo, String from, String reach) {
        List<String> to = exportTo.isEmpty() ? List.of() : List.of(exportTo.split(" ", -1));
        assertEquals(reach, String.valueOf(ExportTo.reach(to, List.of("*"), "own", from)));
    }
}
