package dev.sluice.proxy.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/** What a command said, run in this process. */
record Said(int exit, String out, String err) {
    /** {@code words} are those after {@code sluice}. */
    static Said by(String... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exit = Commands.line()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(words);
        return new Said(exit, out.toString(), err.toString());
    }

    /** The same. */
    static Said by(List<String> words) {
        return by(words.toArray(String[]::new));
    }

    /** The JSON that it ended with {@code expected} after. */
    JsonNode json(int expected) throws IOException {
        assertEquals(expected, exit, err);
        return new ObjectMapper().readTree(out);
    }
}
