package dev.sluice.bench.budget;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The budget file: comments, then an operation a line with its bytes. */
record Budget(List<String> comments, Map<String, Long> figures) {
    private static final String COMMENT = "#";
    private static final double ABOVE = 1.03;
    private static final double BELOW = 0.95;
    /** What happens beside an operation, shared out over its repeats. */
    private static final int SLACK = 2;

    static Budget read(Path file) throws IOException {
        List<String> comments = new ArrayList<>();
        Map<String, Long> figures = new LinkedHashMap<>();
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith(COMMENT)) {
                comments.add(line);
            } else {
                String[] words = line.trim().split("\\s+", 2);
                figures.put(words[0], Long.parseLong(words[1]));
            }
        }
        return new Budget(comments, figures);
    }

    /** What is wrong with the measured figures, a sentence for each. */
    List<String> complaints(Map<String, Long> measured) {
        List<String> complaints = new ArrayList<>();
        measured.forEach((operation, bytes) -> {
            Long allowed = figures.get(operation);
            if (allowed == null) {
                complaints.add(operation + " has no budget and allocates " + bytes + " bytes");
            } else if (bytes > allowed * ABOVE + SLACK) {
                complaints.add(operation + " allocates " + bytes + " bytes, " + allowed + " are allowed");
            } else if (bytes < allowed * BELOW - SLACK) {
                complaints.add(operation + " allocates only " + bytes + " bytes: lower its budget of " + allowed);
            }
        });
        figures.keySet().stream()
                .filter(operation -> !measured.containsKey(operation))
                .forEach(operation -> complaints.add(operation + " has a budget and was not measured"));
        return complaints;
    }

    /** The file with what was measured, where that is less. */
    List<String> lowered(Map<String, Long> measured) {
        List<String> lines = new ArrayList<>(comments);
        measured.forEach((operation, bytes) ->
                lines.add("%-30s%7d".formatted(operation, Math.min(bytes, figures.getOrDefault(operation, bytes)))));
        return lines;
    }
}
