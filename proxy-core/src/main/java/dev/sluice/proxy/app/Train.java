package dev.sluice.proxy.app;

import dev.sluice.proxy.app.options.ExitCodes;
import dev.sluice.proxy.app.process.ReadyLine;
import dev.sluice.proxy.app.process.Signals;
import dev.sluice.proxy.app.train.Training;
import dev.sluice.proxy.log.Logs;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;

/**
 * A program of its own, for the JVM that makes the AOT cache or class archive: runs the proxy with traffic through it and
 * ends. What happens here is what a start from that cache need not do again. It stays away from picocli, for one class that
 * cannot be archived makes a start look through every jar. Whoever starts it leaves the environment of {@code run} away.
 */
public final class Train {
    private static final int ATTEMPTS = 3;
    /** On each connection: enough for the profiles that the compiler asks for. */
    private static final int REQUESTS = 1000;
    /** The same for the runs with other options: they are for classes, not for profiles. */
    private static final int SHARE = 50;

    private static final Logger LOG = Logs.of(Train.class);

    private Train() {}

    /**
     * Exits with 0 when the whole training went well. With {@code tls} as its argument TLS is part of it, which a start with
     * TLS servers gains by; what it loads is resident in every other one.
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        int code = ExitCodes.CANNOT_BIND;
        // Somebody else may take the port between its choice and its use.
        for (int attempt = 0; attempt < ATTEMPTS && code == ExitCodes.CANNOT_BIND; attempt++) {
            code = train(args.length == 1 && args[0].equals("tls"));
        }
        System.exit(code);
    }

    private static int train(boolean withTls) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("sluice-train");
        Path many = Files.createDirectory(folder.resolve("many"));
        Path few = Files.createDirectory(folder.resolve("few"));
        try (Training training = Training.prepare(many, few)) {
            String admin = "127.0.0.1:0";
            int code = run(training, REQUESTS, many.toString(), "--admin", admin);
            if (code == ExitCodes.OK) {
                String log = folder.resolve("access.log").toString();
                code = run(training, SHARE, many.toString(), "--admin", admin, "--access-log", log);
            }
            if (code == ExitCodes.OK && withTls) {
                Path tls = Files.createDirectory(folder.resolve("tls"));
                Path certs = Files.createDirectory(folder.resolve("certs"));
                training.prepareTls(tls, certs);
                String keys = certs.toString();
                code = run(training, SHARE, tls.toString(), "--certs", keys, "--admin", "off", "--access-log", "off");
            }
            return code == ExitCodes.OK
                    ? run(training, SHARE, few.toString(), "--admin", "off", "--access-log", "off")
                    : code;
        } finally {
            delete(folder);
        }
    }

    /** A whole life of {@code run}, from its options to its drain. */
    private static int run(Training training, int times, String... arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add(0, "run");
        ReadyLine out = new ReadyLine();
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        FutureTask<Integer> life = new FutureTask<>(() -> {
            try {
                return Main.run(new PrintWriter(out), err, all.toArray(String[]::new));
            } finally {
                out.close();
            }
        });
        Thread thread = new Thread(life, "sluice-train");
        thread.setDaemon(true);
        thread.start();
        if (out.await()) {
            // A process has something to log when it has no time to load what that takes.
            LOG.log(Level.INFO, "training by {0} requests on each connection", times);
            int admin = out.adminPort();
            if (admin > 0) {
                training.send(times);
                Training.visitAdmin(admin);
                Training.endThrough(admin);
            } else {
                training.sendHttp1(times);
                Signals.raise("TERM");
            }
        }
        try {
            return life.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
