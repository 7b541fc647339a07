package dev.sluice.proxy.e2e.life;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.proxy.app.Main;
import dev.sluice.proxy.e2e.fixture.SluiceProcess;
import dev.sluice.proxy.e2e.fixture.SluiceProcess.Ended;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sluice demo} as a process, on the checked-in configuration with its ports moved to free ones. */
class DemoIT {
    private static final Path EXAMPLE = Path.of("..", "examples", "bookinfo");

    /** Every port that the example names; the gateway's first. */
    private static final List<String> PORTS = List.of("8080", "19080", "19081", "19082", "19091", "19092", "19093");

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    private Path home;

    private int gateway;
    private SluiceProcess demo;
    private List<String> introduction;

    @BeforeEach
    void start() throws Exception {
        List<Integer> free = freePorts(PORTS.size());
        gateway = free.get(0);
        Path folder = Files.createDirectories(home.resolve("examples/bookinfo"));
        try (Stream<Path> files = Files.list(EXAMPLE)) {
            for (Path file : files.toList()) {
                String text = Files.readString(file);
                for (int i = 0; i < PORTS.size(); i++) {
                    text = text.replaceAll(
                            "\\b" + PORTS.get(i) + "\\b", free.get(i).toString());
                }
                Files.writeString(folder.resolve(file.getFileName().toString()), text);
            }
        }
        demo = SluiceProcess.start(Map.of(), "demo", "--home", home.toString(), "--admin", "127.0.0.1:0");
        introduction = demo.linesTo("Ctrl-C stops."::equals);
    }

    @AfterEach
    void stop() throws IOException {
        demo.close();
    }

    @Test
    void whatItTellsToTryDoesWhatItSays() throws Exception {
        assertTrue(introduction.get(0).matches("ready listeners=1 admin=127\\.0\\.0\\.1:\\d+"), introduction.get(0));
        List<String> commands = introduction.stream()
                .filter(line -> line.startsWith("  "))
                .map(String::strip)
                .toList();
        assertEquals(3, commands.size(), commands.toString());

        assertTrue(commands.get(0).contains("curl -s localhost:" + gateway + "/reviews/1;"), commands.get(0));
        Map<String, Integer> split = new TreeMap<>();
        for (int i = 0; i < 80; i++) {
            split.merge(reviews(), 1, Integer::sum);
        }
        // Chance leaves one out less often than once in a billion runs.
        assertEquals(List.of("v1", "v2", "v3"), List.copyOf(split.keySet()), split.toString());

        assertTrue(
                commands.get(1).startsWith("curl -s -H 'end-user: jason' localhost:" + gateway + "/reviews/1 "),
                commands.get(1));
        for (int i = 0; i < 20; i++) {
            assertEquals("v2", reviews("end-user", "jason"));
        }

        String explained = explain(commands.get(2));
        assertTrue(explained.contains("reviews-for-jason"), explained);
        assertTrue(explained.contains("100 % reviews.default.svc.cluster.local:9080 subset v2"), explained);

        List<String> live = demo.linesTo(line -> line.contains("reviews v1 "));
        String last = live.get(live.size() - 1);
        assertTrue(last.startsWith("details 0 · productpage 0 · ratings 0 · reviews v1 "), last);
    }

    @Test
    void everyPathOfBookinfoIsAnswered() throws Exception {
        for (String path : List.of("productpage", "details", "ratings", "reviews")) {
            HttpResponse<String> answer = get("/" + path);
            assertEquals(200, answer.statusCode(), path);
            JsonNode body = new ObjectMapper().readTree(answer.body());
            assertEquals(path, body.get("service").asText());
        }
        HttpResponse<String> front = get("/");
        assertEquals(302, front.statusCode());
        assertTrue(front.headers().firstValue("location").orElse("").endsWith("/productpage"));
        assertEquals(404, get("/nowhere").statusCode());
    }

    @Test
    void ctrlCEndsItCleanly() throws Exception {
        assertEquals(200, get("/details/0").statusCode());
        demo.signal(interrupt());
        Ended ended = demo.await();
        assertEquals(0, ended.exit(), ended.toString());
        assertEquals("stopping", ended.out().get(ended.out().size() - 1));
        assertEquals(List.of(), ended.err());
        assertThrows(ConnectException.class, () -> new Socket(InetAddress.getLoopbackAddress(), gateway).close());
    }

    private HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + gateway + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** The version that answered. */
    private String reviews(String... headers) throws IOException, InterruptedException {
        HttpResponse<String> answer = get("/reviews/1", headers);
        assertEquals(200, answer.statusCode());
        return new ObjectMapper().readTree(answer.body()).get("version").asText();
    }

    /** Runs the command that the demo prints, in the folder it prints it for. */
    private String explain(String command) {
        List<String> words = new ArrayList<>();
        for (String word : command.split(" (?=(?:[^']*'[^']*')*[^']*$)", -1)) {
            words.add(word.replace("'", ""));
        }
        assertEquals(List.of("./sluice", "explain", "examples/bookinfo"), words.subList(0, 3));
        words.set(2, home.resolve(words.get(2)).toString());
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exit = Main.run(
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                words.subList(1, words.size()).toArray(String[]::new));
        assertEquals(0, exit, err.toString());
        return out.toString();
    }

    /** A shell without job control starts what is in its background with SIGINT ignored, and so does all below it. */
    private static String interrupt() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (Files.isReadable(status)) {
            for (String line : Files.readAllLines(status, StandardCharsets.UTF_8)) {
                if (line.startsWith("SigIgn:")
                        && (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0) {
                    return "TERM";
                }
            }
        }
        return "INT";
    }

    /** Free a moment ago, all at once. */
    private static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        try {
            List<Integer> ports = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                held.add(socket);
                ports.add(socket.getLocalPort());
            }
            return ports;
        } finally {
            for (ServerSocket socket : held) {
                socket.close();
            }
        }
    }
}
