package dev.sluice.proxy.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What every command has in common: its help, names that there are not, an output that cannot be written. */
class CommandLineTest {
    @Test
    void helpSaysWhatTheOptionHelpSays() {
        assertEquals(Said.by("--help"), Said.by("help"));
        assertEquals(Said.by("run", "--help"), Said.by("help", "run"));
        assertEquals(Said.by("iptables", "print", "--help"), Said.by("help", "iptables", "print"));
        assertTrue(Said.by("help", "run").out().contains("--access-log"));
        assertEquals(
                new Said(2, "", "sluice: there is no command 'chek'; did you mean check?\n"), Said.by("help", "chek"));
        assertEquals(
                new Said(2, "", "sluice: there is no command 'x'; see sluice profile --help\n"),
                Said.by("help", "profile", "x"));
    }

    @Test
    void aNameThatIsNearIsNamedAndNoOther() {
        assertEquals(
                "sluice: there is no command 'xplain'; did you mean explain?\n",
                Said.by("xplain").err());
        assertEquals(
                "sluice: there is no command 'nonsense'; see sluice --help\n",
                Said.by("nonsense").err());
        assertEquals(
                "sluice: there is no option --fromat=json; did you mean --format?\n",
                Said.by("check", "--fromat=json", ".").err());
        assertEquals(
                "sluice: there is no option --nope; see sluice check --help\n",
                Said.by("check", "--nope", ".").err());
    }

    @Test
    void outputThatCannotBeWrittenIsAnErrorUnlessItsReaderLeft() {
        for (String command : new String[] {"profile dump", "manifest generate", "iptables print"}) {
            assertEquals("1 sluice: standard output cannot be written", failing("No space left on device", command));
            assertEquals("0 ", failing("Broken pipe", command));
        }
    }

    /** Exit code and error of a command whose output fails. */
    private static String failing(String reason, String command) {
        OutputStream file = new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw new IOException(reason);
            }
        };
        StringWriter err = new StringWriter();
        int exit = Main.run(
                new PrintWriter(new StandardOutput(file), true, StandardCharsets.UTF_8),
                new PrintWriter(err, true),
                command.split(" "));
        String said = err.toString();
        return exit + " " + said.substring(0, Math.max(0, said.indexOf(';')));
    }
}
