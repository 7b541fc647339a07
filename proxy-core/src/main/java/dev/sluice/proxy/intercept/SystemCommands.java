package dev.sluice.proxy.intercept;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Programs of this host. */
public final class SystemCommands implements Commands {
    private static final int SECONDS = 60;

    private final List<Path> folders;

    /** @param folders where programs are looked for, in this order */
    public SystemCommands(List<Path> folders) {
        this.folders = List.copyOf(folders);
    }

    @Override
    public boolean has(String program) {
        return find(program) != null;
    }

    private @Nullable Path find(String program) {
        for (Path folder : folders) {
            Path file = folder.resolve(program);
            if (Files.isExecutable(file) && !Files.isDirectory(file)) {
                return file;
            }
        }
        return null;
    }

    @Override
    public Outcome run(List<String> command, String input) throws InterceptionException {
        String name = command.get(0);
        Path program = find(name);
        if (program == null) {
            throw new InterceptionException(name + " is missing here");
        }
        List<String> line = new ArrayList<>(command);
        line.set(0, program.toString());
        try {
            return ended(name, new ProcessBuilder(line).start(), input);
        } catch (IOException e) {
            throw new InterceptionException(name + " cannot be run: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterceptionException(name + " was interrupted", e);
        }
    }

    private static Outcome ended(String name, Process process, String input)
            throws IOException, InterruptedException, InterceptionException {
        try {
            Drain output = new Drain(process.getInputStream());
            Drain errors = new Drain(process.getErrorStream());
            try (OutputStream stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                // A program that refuses its arguments ends without reading; what it says is worth more than this.
                if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                    throw e;
                }
            }
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                throw new InterceptionException(name + " did not end within " + SECONDS + " s");
            }
            return new Outcome(process.exitValue(), output.text(), errors.text());
        } finally {
            process.destroyForcibly();
        }
    }

    /** Reads one of a program's streams to its end, so that it never waits for a reader. */
    private static final class Drain extends Thread {
        private final InputStream stream;
        private byte[] bytes = {};
        private @Nullable IOException failure;

        Drain(InputStream stream) {
            super("sluice-tool-output");
            this.stream = stream;
            setDaemon(true);
            start();
        }

        @Override
        public void run() {
            try (stream) {
                bytes = stream.readAllBytes();
            } catch (IOException e) {
                failure = e;
            }
        }

        /** What was read; join() makes it visible here. */
        String text() throws InterruptedException, IOException {
            join();
            if (failure != null) {
                throw failure;
            }
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }
}
