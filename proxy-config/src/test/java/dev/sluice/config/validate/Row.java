package dev.sluice.config.validate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.crd.read.CrdReader;
import dev.sluice.config.crd.read.FileContent;
import dev.sluice.config.crd.read.ReadObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * A row of a table of rules: YAML, and what must be found in it, nothing less and nothing more. A finding is written
 * {@code CODE severity PLACE | part of the message}, PLACE being the text that its line and column point at ({@code
 * text§2} for the second time that the YAML has it).
 *
 * @param yaml documents
 * @param expected in the order of places; empty for what must be accepted
 */
public record Row(String yaml, List<String> expected) {
    private static final String FILE = "row.yaml";

    /** What is wrong in it. */
    public static Row of(String yaml, String... expected) {
        return new Row(yaml, Arrays.asList(expected));
    }

    /** The YAML, on one line, as the name of a test. */
    @Override
    public String toString() {
        int spec = yaml.indexOf("spec:");
        return yaml.substring(Math.max(spec, 0)).replace("\n", "⏎");
    }

    /** What the file's objects are. */
    public static List<ReadObject> read(String yaml) {
        return content(yaml).objects();
    }

    private static FileContent content(String yaml) {
        return new CrdReader(Set.of()).read(FILE, yaml.getBytes(StandardCharsets.UTF_8));
    }

    /** Holds the findings of reader and validator to this row. */
    public void check() {
        FileContent content = content(yaml);
        List<Finding> findings = new ArrayList<>(content.findings());
        for (ReadObject object : content.objects()) {
            findings.addAll(Validator.validate(object.object()));
        }
        Collections.sort(findings);
        check(findings);
    }

    /** Holds {@code findings} to this row. */
    public void check(List<Finding> findings) {
        List<String> texts = findings.stream().map(Finding::text).toList();
        assertEquals(expected.size(), findings.size(), () -> "in\n" + yaml + "\nfound " + String.join("\n", texts));
        for (int i = 0; i < expected.size(); i++) {
            check(expected.get(i), findings.get(i));
        }
    }

    private void check(String wanted, Finding found) {
        int bar = wanted.indexOf(" | ");
        String[] head = wanted.substring(0, bar).split(" ", 3);
        String place = head[2];
        int count = 1;
        int section = place.lastIndexOf('§');
        if (section >= 0) {
            count = Integer.parseInt(place.substring(section + 1));
            place = place.substring(0, section);
        }
        int at = -1;
        for (int i = 0; i < count; i++) {
            at = yaml.indexOf(place, at + 1);
            assertTrue(at >= 0, () -> "the row's place " + head[2] + " is not in\n" + yaml);
        }
        int line = (int) yaml.substring(0, at).chars().filter(c -> c == '\n').count() + 1;
        int column = at - yaml.lastIndexOf('\n', at - 1);
        assertEquals(
                FILE + ":" + line + ":" + column + ": " + head[1] + " " + head[0],
                FILE + ":" + found.at().line() + ":" + found.at().column() + ": "
                        + found.severity().text() + " " + found.code(),
                () -> found.text() + "\nin\n" + yaml);
        assertTrue(
                found.message().contains(wanted.substring(bar + 3)),
                () -> found.text() + "\nshould say: " + wanted.substring(bar + 3));
    }
}
