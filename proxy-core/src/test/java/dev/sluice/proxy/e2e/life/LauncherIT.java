package dev.sluice.proxy.e2e.life;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher's part of a start: which options, which arguments, whose exit code. Java is a script that tells what it was
 * called with, so nothing here depends on the JDKs of this machine. The jar is there, for tests with sockets come after
 * packaging; the tests of the build copy the launcher to where it is not.
 */
class LauncherIT {
    private static final Path LAUNCHER =
            Path.of("..", "sluice").toAbsolutePath().normalize();

    /** A cache's name holds the time and size of the release file, and two tests may write theirs in one second. */
    private static final AtomicInteger JDKS = new AtomicInteger();

    @TempDir
    private Path folder;

    private record Run(int exit, List<String> out, List<String> err) {}

    @Test
    void handsArgumentsOverUnchanged() throws Exception {
        Path jdk = jdk("25.0.1", RECORD_AOT + tellAndExit(0));
        launch(jdk, "version");
        Run run = launch(jdk, "explain", "a b.yaml", "GET", "http://x/?q=*", "-H", "n: v  w", "");
        int at = run.out.indexOf("dev.sluice.proxy.app.Main");
        assertEquals(
                List.of("explain", "a b.yaml", "GET", "http://x/?q=*", "-H", "n: v  w", ""),
                run.out.subList(at + 1, run.out.size()));
        assertEquals(List.of(), run.err);
    }

    @Test
    void endsWithJavasExitCode() throws Exception {
        assertEquals(4, launch(jdk("21.0.2", tellAndExit(4)), "version").exit);
    }

    @Test
    void isReplacedByJavaSoThatSignalsReachIt() throws Exception {
        Process process = command(
                        jdk("21.0.2", "case \"$*\" in *ArchiveClassesAtExit*) exit 1 ;; esac\necho $$\nexec sleep 30"),
                        "run")
                .start();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            assertEquals(Long.toString(process.pid()), out.readLine());
        } finally {
            process.destroy();
        }
        assertEquals(128 + 15, process.waitFor());
    }

    @Test
    void trainsAnAotCacheOnceAndStartsFromIt() throws Exception {
        Path jdk = jdk("25.0.1", RECORD_AOT + tellAndExit(0));
        List<String> first = launch(jdk, "version").out;
        assertTrue(first.contains("-XX:+UseCompactObjectHeaders"), first.toString());
        assertTrue(first.contains("--sun-misc-unsafe-memory-access=allow"), first.toString());
        assertEquals(1, count(first, "-XX:AOTCache="), first.toString());
        assertEquals(first, launch(jdk, "version").out);
        assertEquals(1, trainings(jdk));
    }

    /** The variables of `sluice run` steer the run that follows; a training under them would be of something else. */
    @Test
    void trainsOnTrafficWithoutTheVariablesOfTheRun() throws Exception {
        Path jdk = jdk(
                "25.0.1",
                """
                for a; do
                  case $a in
                    -XX:AOTCacheOutput=*) printf '%s\\n' "$*" "${SLUICE_OUTBOUND-none}" >"$0.training"; echo c >"${a#*=}"; exit 0 ;;
                  esac
                done
                echo "${SLUICE_OUTBOUND-none}"
                """);
        ProcessBuilder builder = command(jdk, "version");
        builder.environment().put("SLUICE_OUTBOUND", "127.0.0.1:1");
        Run run = run(builder);
        assertEquals(List.of("127.0.0.1:1"), run.out);
        List<String> training = Files.readAllLines(jdk.resolve("bin").resolve("java.training"));
        assertTrue(training.get(0).endsWith(" dev.sluice.proxy.app.Train tls"), training.get(0));
        assertEquals("none", training.get(1));
    }

    @Test
    void startsWithoutACacheWhereNoneCanBeMadeAndTriesNoMore() throws Exception {
        Path jdk = jdk(
                "25.0.1",
                "case \"$*\" in *AOTCacheOutput*) echo t >>\"$0.trainings\"; exit 1 ;; esac\n" + tellAndExit(0));
        for (int i = 0; i < 2; i++) {
            Run run = launch(jdk, "version");
            assertEquals(0, run.exit);
            assertEquals(0, count(run.out, "-XX:AOTCache="), run.out.toString());
        }
        assertEquals(1, trainings(jdk));
    }

    @Test
    void usesOnSeventeenOnlyWhatSeventeenKnows() throws Exception {
        List<String> options = launch(jdk("17.0.9", tellAndExit(0)), "version").out;
        assertEquals(0, count(options, "--sun-misc"), options.toString());
        assertEquals(0, count(options, "-XX:AOT"), options.toString());
        assertEquals(0, count(options, "-Xlog:aot"), options.toString());
        assertFalse(options.contains("-XX:+UseCompactObjectHeaders"), options.toString());
    }

    @Test
    void smallFootprintIsC1AndASmallHeapAndRehearses() throws Exception {
        Path jdk = jdk("21.0.2", tellAndExit(0));
        List<String> small = launch(jdk, "--footprint", "small", "version").out;
        assertTrue(small.contains("-XX:TieredStopAtLevel=1"), small.toString());
        assertEquals(1, count(small, "-Dsluice.rehearsal="), small.toString());
        assertEquals("version", small.get(small.size() - 1));
        List<String> fast = launch(jdk, "--footprint=fast", "version").out;
        assertFalse(fast.contains("-XX:TieredStopAtLevel=1"), fast.toString());
        assertEquals(0, count(fast, "-Dsluice.rehearsal="), fast.toString());
        assertEquals(launch(jdk, "version").out, fast);
    }

    @Test
    void refusesAFootprintItDoesNotKnow() throws Exception {
        Run run = launch(jdk("21.0.2", tellAndExit(0)), "--footprint", "huge", "version");
        assertEquals(2, run.exit);
        assertEquals(List.of("sluice: --footprint is fast or small, not 'huge'"), run.err);
    }

    @Test
    void refusesAJdkThatIsTooOldInOneLine() throws Exception {
        Path jdk = jdk("11.0.20", tellAndExit(0));
        Run run = launch(jdk, "version");
        assertEquals(1, run.exit);
        assertEquals(List.of(), run.out);
        assertEquals(List.of("sluice: SLUICE_JAVA_HOME=" + jdk + " is no JDK 17 or newer"), run.err);
    }

    /** In batch mode, which .mvn/maven.config asks for, Debian's Maven 3.8.7 writes a colour reset before its version. */
    @Test
    void readsMavensVersionWhateverStandsBeforeIt() throws Exception {
        for (String printed : List.of("\\033[0m3.8.7\\n\\033[0m", "Apache Maven 3.9.11 (abc)\\n", "4.0.0\\n")) {
            List<String> err = buildWith("printf '" + printed + "'").err;
            assertTrue(err.get(0).startsWith("sluice: building with "), printed + ": " + err);
        }
    }

    @Test
    void refusesAMavenThatIsTooOldOrSaysNoVersion() throws Exception {
        Run old = buildWith("printf '\\033[0m3.6.3\\n'");
        assertEquals(1, old.exit);
        assertTrue(old.err.get(0).contains("needs Maven 3.8 or newer to build, "), old.err.toString());
        assertTrue(old.err.get(0).contains(" is 3.6.3: "), old.err.toString());
        Run mute = buildWith("echo none");
        assertEquals(1, mute.exit);
        assertTrue(mute.err.get(0).contains(" is of unknown version: "), mute.err.toString());
    }

    /** Services and containers start in the POSIX locale, where Java would find no file with other letters in its name. */
    @Test
    void namesOfFilesAreUtf8InThePosixLocale() throws Exception {
        Path jdk = jdk(
                "21.0.2", "case \"$*\" in *ArchiveClassesAtExit*) exit 1 ;; esac\necho \"${LC_ALL-}/${LC_CTYPE-}\"");
        assertEquals("/C.UTF-8", localeOf(jdk, "LANG", "C"));
        assertEquals("/C.UTF-8", localeOf(jdk, "LC_CTYPE", "POSIX"));
        assertEquals("C.UTF-8/", localeOf(jdk, "LC_ALL", "C"));
        assertEquals("de_DE.ISO-8859-1/", localeOf(jdk, "LC_ALL", "de_DE.ISO-8859-1"));
    }

    private String localeOf(Path jdk, String variable, String value) throws IOException, InterruptedException {
        ProcessBuilder builder = command(jdk, "version");
        builder.environment().keySet().removeAll(List.of("LANG", "LC_ALL", "LC_CTYPE"));
        builder.environment().put(variable, value);
        return run(builder).out.get(0);
    }

    @Test
    void startsThroughALinkThatBashIsGivenByItsBareName() throws Exception {
        Files.createSymbolicLink(folder.resolve("sluice"), LAUNCHER);
        ProcessBuilder builder =
                command(jdk("21.0.2", tellAndExit(0)), "version").directory(folder.toFile());
        builder.command().set(0, "sluice");
        builder.command().add(0, "bash");
        assertEquals(0, run(builder).exit);
    }

    @Test
    void refusesAFootprintToOneWhoDoesNotListen() throws Exception {
        ProcessBuilder builder = command(jdk("21.0.2", tellAndExit(0)), "--footprint", "huge", "version");
        builder.command().addAll(0, List.of("bash", "-c", "exec \"$0\" \"$@\" 2>&-"));
        assertEquals(2, run(builder).exit);
    }

    /** Training takes seconds: it ends with the launcher, leaves nothing, and is done the next time. */
    @Test
    void aSignalEndsTheTrainingToo() throws Exception {
        Path jdk = jdk(
                "25.0.1",
                """
                for a; do
                  case $a in
                    -XX:AOTCacheOutput=*)
                      echo $$ >>"$0.trainings"
                      echo half >"${a#*=}"
                      echo "${a#*=}" >"$0.part"
                      kill -TERM $PPID
                      exec sleep 60
                      ;;
                  esac
                done
                """);
        for (int i = 1; i <= 2; i++) {
            assertEquals(128 + 15, launch(jdk, "version").exit);
            assertEquals(i, trainings(jdk));
        }
        Path bin = jdk.resolve("bin");
        for (String pid : Files.readAllLines(bin.resolve("java.trainings"))) {
            assertFalse(
                    ProcessHandle.of(Long.parseLong(pid))
                            .map(ProcessHandle::isAlive)
                            .orElse(false),
                    pid);
        }
        assertFalse(
                Files.exists(Path.of(Files.readString(bin.resolve("java.part")).strip())));
    }

    @Test
    void aSignalEndsTheBuildToo() throws Exception {
        Run run = buildWith("echo 3.9.11", "echo $$ >\"$0.pid\"\nkill -TERM $PPID\nexec sleep 60\n");
        assertEquals(128 + 15, run.exit);
        String pid =
                Files.readString(folder.resolve("maven").resolve("mvn.pid")).strip();
        assertFalse(ProcessHandle.of(Long.parseLong(pid))
                .map(ProcessHandle::isAlive)
                .orElse(false));
        assertFalse(Files.exists(target().resolve("sluice.lock")));
    }

    @Test
    void refusesToBuildWhereNothingCanBeWritten() throws Exception {
        Files.createDirectories(target().getParent());
        Files.createSymbolicLink(target(), Path.of("/proc"));
        Run run = buildWith("echo 3.9.11");
        assertEquals(1, run.exit);
        assertEquals(List.of("sluice: is to be built, and cannot write to " + target()), run.err);
    }

    /** The jar may be there and half of the libraries that it needs. */
    @Test
    void buildsAnewWhatAKilledBuildHasLeft() throws Exception {
        Path jar = target().resolve("proxy-core-0.1.0-SNAPSHOT.jar");
        Path lock = Files.createDirectories(target().resolve("sluice.lock"));
        Files.createDirectories(target().resolve("lib"));
        Files.writeString(jar, "half");
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        Files.writeString(lock.resolve("pid"), dead.pid() + "\n");
        Run run = buildWith("echo 3.9.11");
        assertTrue(run.err.get(0).startsWith("sluice: building with "), run.err.toString());
        assertFalse(Files.exists(jar));
        assertFalse(Files.exists(lock));
    }

    /** In a container the launcher that was killed and the next one may have the same number. */
    @Test
    void doesNotWaitForItself() throws Exception {
        Path lock = Files.createDirectories(target().resolve("sluice.lock"));
        Run run = buildWith(
                "echo 3.9.11", "exit 1\n", "sh", "-c", "echo $$ >'" + lock.resolve("pid") + "'; exec \"$0\" \"$@\"");
        assertTrue(run.err.get(0).startsWith("sluice: building with "), run.err.toString());
    }

    private Path target() {
        return folder.resolve("project").resolve("proxy-core").resolve("target");
    }

    /** A launcher in a folder of its own, where nothing is built yet, with a Maven whose every build fails. */
    private Run buildWith(String version) throws IOException, InterruptedException {
        return buildWith(version, "exit 1\n");
    }

    /** @param before what the launcher is an argument of */
    private Run buildWith(String version, String build, String... before) throws IOException, InterruptedException {
        Path project = Files.createDirectories(folder.resolve("project"));
        Path launcher = Files.copy(LAUNCHER, project.resolve("sluice"), StandardCopyOption.REPLACE_EXISTING);
        Path maven = Files.createDirectories(folder.resolve("maven")).resolve("mvn");
        Files.writeString(maven, "#!/bin/sh\ncase \"$*\" in *-v*) " + version + "; exit 0 ;; esac\n" + build);
        assertTrue(maven.toFile().setExecutable(true));
        ProcessBuilder builder = command(jdk("21.0.2", tellAndExit(0)), "version");
        builder.command().set(0, launcher.toString());
        builder.command().addAll(0, List.of(before));
        builder.environment().merge("PATH", maven.getParent() + ":", (path, first) -> first + path);
        return run(builder);
    }

    /** What a JVM does with -XX:AOTCacheOutput, as far as the launcher sees. */
    private static final String RECORD_AOT =
            """
            for a; do
              case $a in
                -XX:AOTCacheOutput=*) echo t >>"$0.trainings"; echo cache >"${a#*=}"; exit 0 ;;
              esac
            done
            """;

    private static String tellAndExit(int code) {
        return "printf '%s\\n' \"$@\"\nexit " + code;
    }

    /** A JDK of that version whose java is {@code script}. Its release file differs from all others', as caches go by it. */
    private Path jdk(String version, String script) throws IOException {
        Path jdk = folder.resolve("jdk " + JDKS.get());
        Files.createDirectories(jdk.resolve("bin"));
        Files.writeString(
                jdk.resolve("release"),
                "IMPLEMENTOR=\"Test\"\nJAVA_VERSION=\"" + version + "\"\n#" + "x".repeat(JDKS.incrementAndGet())
                        + "\n");
        for (String program : List.of("java", "javac")) {
            Path file = jdk.resolve("bin").resolve(program);
            Files.writeString(file, "#!/bin/sh\n" + script + "\n");
            assertTrue(file.toFile().setExecutable(true));
        }
        return jdk;
    }

    private static ProcessBuilder command(Path jdk, String... arguments) {
        List<String> command = new ArrayList<>(List.of(LAUNCHER.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("SLUICE_JAVA_HOME", jdk.toString());
        builder.environment().remove("SLUICE_JAVA_OPTS");
        return builder;
    }

    private Run launch(Path jdk, String... arguments) throws IOException, InterruptedException {
        return run(command(jdk, arguments));
    }

    private Run run(ProcessBuilder builder) throws IOException, InterruptedException {
        Path err = Files.createTempFile(folder, "err", "");
        Process process = builder.redirectError(err.toFile()).start();
        List<String> out;
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            out = reader.lines().toList();
        }
        return new Run(process.waitFor(), out, Files.readAllLines(err));
    }

    private static long trainings(Path jdk) throws IOException {
        return Files.readAllLines(jdk.resolve("bin").resolve("java.trainings")).size();
    }

    private static long count(List<String> options, String start) {
        return options.stream().filter(option -> option.startsWith(start)).count();
    }
}
