package dev.sluice.proxy.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a command line says that asks for what cannot be had: one line that names it, and a code (contract.md). */
class RunUsageTest {
    @TempDir
    private Path folder;

    private record Said(int exit, String out, List<String> err) {}

    private static Said say(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exit = Commands.line()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
        return new Said(exit, out.toString(), err.toString().lines().toList());
    }

    @Test
    void optionsThatMakeNoSenseAreExitTwo() {
        for (String option : List.of(
                "--workers=many",
                "--workers=-1",
                "--workers=100000",
                "--drain=soon",
                "--drain=-1",
                "--drain=NaN",
                "--admin=here",
                "--admin=0.0.0.0:15000",
                "--outbound=there",
                "--outbound=15080",
                "--admin=15000",
                "--carry-headers=x-a,b c",
                "--carry-headers=host",
                "--label=nokey",
                "--app-probes=[]",
                "--app-metrics={\"port\":\"http\"}",
                "--nonsense")) {
            Said said = say("run", folder.toString(), option);
            assertEquals(2, said.exit, option);
            assertEquals("", said.out, option);
            String name = option.replaceAll("=.*", "");
            assertTrue(said.err.get(0).contains(name), option + ": " + said.err);
            assertEquals(1, said.err.size(), option + ": " + said.err);
        }
    }

    @Test
    void whatMakesNoSenseIsToldWithWhereToRead() {
        assertEquals(
                List.of("sluice: there is no option --nonsense; see sluice run --help"),
                say("run", folder.toString(), "--nonsense").err);
        assertEquals(List.of("sluice: Missing required parameter: 'CONFIG'; see sluice run --help"), say("run").err);
        assertTrue(say().err.get(0).contains("demo, run, check"), say().toString());
    }

    @Test
    void aCommandLineThatMakesNoSenseIsOneLineThatSaysWhatIsWrong() {
        for (String[] words : new String[][] {
            {"a command is missing"},
            {"there is no command 'walk'", "walk"},
            {"did you mean check?", "chek", "x"},
            {"there is no option --bogus", "check", "x", "--bogus"},
            {"'many' is no whole number", "run", "x", "--workers", "many"},
            {"'5s' is no number", "run", "x", "--drain", "5s"},
            {"'xml'", "check", "x", "--format", "xml"},
            {"CONFIG", "check"},
            {"CONFIG is empty", "check", ""},
            {"CONFIG is empty", "run", "", "--admin", "off"},
            {"explain takes CONFIG... METHOD URL", "explain", "x", "GET"},
            {"not 'G T'", "explain", "x", "G T", "http://a.com/"},
            {"not ''", "explain", "x", "", "http://a.com/"},
            {"'extra' is one argument too many", "version", "extra"},
        }) {
            Said said = say(Arrays.copyOfRange(words, 1, words.length));
            assertEquals(2, said.exit, said.toString());
            assertEquals("", said.out, said.toString());
            assertEquals(1, said.err.size(), said.toString());
            assertTrue(said.err.get(0).startsWith("sluice: "), said.toString());
            assertTrue(said.err.get(0).contains(words[0]), said.toString());
        }
    }

    @Test
    void aLineBreakInAnArgumentDoesNotBreakTheLine() {
        assertEquals(List.of("sluice: no such file or folder: a\\nb"), say("check", "a\nb").err);
    }

    @Test
    void filesThatAreNotThereAreExitOneAndNamedInOneLine() {
        Path gone = folder.resolve("gone");
        for (Said said : List.of(
                say("run", gone.toString()),
                say("run", folder.toString(), "--certs", gone.toString(), "--admin", "off"),
                say("run", folder.toString(), "--admin-token", gone.toString(), "--admin", "127.0.0.1:0"),
                say(
                        "run",
                        folder.toString(),
                        "--access-log",
                        gone.resolve("a.log").toString(),
                        "--admin",
                        "off"),
                say("demo", "--home", gone.toString()))) {
            assertEquals(1, said.exit, said.toString());
            assertEquals("", said.out);
            assertEquals(1, said.err.size(), said.toString());
            assertTrue(said.err.get(0).startsWith("sluice: "), said.toString());
            assertTrue(said.err.get(0).contains(gone.toString()), said.toString());
            assertFalse(said.err.get(0).matches(".*access log.*access log.*"), said.toString());
        }
    }

    @Test
    void aMeshSettingThatDoesNotExistIsRefusedByItsName() throws Exception {
        Files.writeString(folder.resolve("empty.yaml"), "# nothing\n");
        Said said = say("run", folder.toString(), "--admin", "off", "--set", "accessLogFil=/dev/stdout");
        assertEquals(1, said.exit, said.toString());
        assertTrue(said.err.get(0).startsWith("--set:1:"), said.toString());
        assertTrue(said.err.get(0).contains("accessLogFile"), said.toString());
    }

    @Test
    void versionTellsWhatRuns() {
        for (String word : List.of("version", "--version")) {
            Said said = say(word);
            assertEquals(0, said.exit);
            assertTrue(
                    said.out.strip().matches("sluice \\S+, JDK \\S+, transport (epoll|io_uring|kqueue|nio)"), said.out);
        }
    }

    @Test
    void helpNamesEveryCommandAndEveryOptionOfRun() {
        String all = say("--help").out;
        for (String command : List.of("demo", "run", "check", "explain", "wait", "version")) {
            assertTrue(all.contains("  " + command + " "), command + " in " + all);
        }
        String run = say("run", "--help").out;
        for (String option : List.of(
                "--namespace",
                "--label",
                "--service-account",
                "--locality",
                "--workers",
                "--admin=",
                "--outbound",
                "--drain",
                "--certs",
                "--access-log",
                "--set",
                "--carry-headers",
                "--ignore-kind",
                "--admin-token")) {
            assertTrue(run.contains(option), option + " in " + run);
        }
        assertFalse(run.contains("--home"), run);
    }
}
