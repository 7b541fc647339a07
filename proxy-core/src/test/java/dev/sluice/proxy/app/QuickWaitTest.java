package dev.sluice.proxy.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.sluice.proxy.app.options.QuickWait;
import dev.sluice.proxy.app.options.UserError;
import dev.sluice.proxy.app.options.WaitOptions;
import dev.sluice.proxy.app.ready.Waiting;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The quick way to read the command line of {@code wait} means what picocli means. */
class QuickWaitTest {
    private static final List<String> WORDS = List.of(
            "--admin",
            "off",
            "--admin=127.0.0.1:1",
            "--admin=off",
            "--admin=-",
            "-",
            "--url",
            "http://localhost:15021/healthz/ready",
            "--url=http://a/",
            "--timeout",
            "7",
            "--timeout=0.5",
            "--timeoutSeconds=3",
            "--periodMillis=3",
            "--help",
            "--",
            "@file",
            "",
            "--nonsense");

    @Provide
    Arbitrary<List<String>> lines() {
        return Arbitraries.of(WORDS).list().ofMaxSize(5);
    }

    @Property(tries = 300)
    void whatIsReadQuicklyIsReadAlikeByPicocli(@ForAll("lines") List<String> words) throws Exception {
        List<String> line = new ArrayList<>(List.of("wait"));
        line.addAll(words);
        QuickWait quick = QuickWait.parse(line.toArray(String[]::new));
        if (quick != null) {
            assertEquals(byPicocli(line), outcome(quick.options()), line.toString());
        }
    }

    @Test
    void whatManifestsAndImagesAskIsReadQuickly() throws Exception {
        for (List<String> line : List.of(
                List.of("wait"),
                List.of("wait", "--timeout", "3"),
                List.of("wait", "--admin=127.0.0.1:15000", "--timeout=10"),
                List.of("wait", "--url", "http://localhost:15021/healthz/ready"))) {
            QuickWait quick = QuickWait.parse(line.toArray(String[]::new));
            assertNotNull(quick, line.toString());
            assertEquals(byPicocli(line), outcome(quick.options()), line.toString());
        }
        assertNull(QuickWait.parse());
        assertNull(QuickWait.parse("run", "conf"));
    }

    @Test
    void withoutAWordTheStatusPortIsAskedBeforeTheAdminPort() throws Exception {
        assertEquals("[127.0.0.1:15021, 127.0.0.1:15000]", questions());
        assertEquals("[127.0.0.1:15021]", questions("--admin=off"));
        assertEquals("[127.0.0.1:9]", questions("--admin=:9"));
        assertEquals("[[::1]:80]", questions("--url=http://[::1]"));
        Waiting waiting =
                new CommandLine(new WaitOptions()).<WaitOptions>getCommand().waiting();
        assertEquals("/healthz/ready", waiting.questions().get(0).path());
        assertEquals("/ready", waiting.questions().get(1).path());
    }

    private static String questions(String... line) throws UserError {
        WaitOptions options = CommandLine.populateCommand(new WaitOptions(), line);
        return options.waiting().questions().toString();
    }

    private static String byPicocli(List<String> line) throws UserError {
        CommandLine commands = Commands.line();
        commands.parseArgs(line.toArray(String[]::new));
        WaitCommand wait = (WaitCommand)
                commands.getSubcommands().get("wait").getCommandSpec().userObject();
        return outcome(wait.options());
    }

    /** What is going to happen, or what is wrong. */
    private static String outcome(WaitOptions options) throws UserError {
        try {
            return options.waiting().toString();
        } catch (UserError error) {
            return error.getMessage();
        }
    }
}
