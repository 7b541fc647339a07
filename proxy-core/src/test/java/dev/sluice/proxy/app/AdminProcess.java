package dev.sluice.proxy.app;

import dev.sluice.config.plan.ListenerPlan;
import dev.sluice.proxy.app.options.IdentityOptions;
import dev.sluice.proxy.app.options.RunOptions;
import dev.sluice.proxy.app.options.UserError;
import dev.sluice.proxy.app.process.ConfigSession;
import dev.sluice.proxy.app.process.ProcessLogs;
import dev.sluice.proxy.app.process.ProxyProcess;
import dev.sluice.proxy.telemetry.ProcessLog;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine;

/** {@code sluice run} in this JVM, without signals: its only listener is {@code --outbound}, on an ephemeral port. */
final class AdminProcess implements AutoCloseable {
    /** Answers {@code hello} to requests for hello.example.com. */
    static final String HELLO =
            """
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata: {name: hello}
            spec:
              hosts: [hello.example.com]
              resolution: STATIC
              ports: [{number: 80, name: http, protocol: HTTP}]
              endpoints: [{address: 127.0.0.1, ports: {http: 1}}]
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: hello}
            spec:
              hosts: [hello.example.com]
              http: [{directResponse: {status: 200, body: {string: hello}}}]
            """;

    private final ProcessLog log;
    private final ProxyProcess process;
    private final Path config;
    private final HttpClient client;

    private AdminProcess(ProcessLog log, ProxyProcess process, Path config) {
        this.log = log;
        this.process = process;
        this.config = config;
        this.client =
                HttpClient.newBuilder().proxy(ProxySelector.of(outbound())).build();
    }

    static AdminProcess start(Path folder, String yaml, String... more) throws IOException, UserError {
        return start(folder, yaml, List.of(), more);
    }

    /** @param mesh settings of MeshConfig, as {@code --set} takes them */
    static AdminProcess start(Path folder, String yaml, List<String> mesh, String... more)
            throws IOException, UserError {
        Path config = folder.resolve("config.yaml");
        Files.writeString(config, yaml);
        List<String> arguments = new ArrayList<>(List.of("--outbound", "127.0.0.1:0", "--workers", "1"));
        arguments.addAll(List.of(more));
        if (!arguments.contains("--admin")) {
            arguments.addAll(List.of("--admin", "127.0.0.1:0"));
        }
        RunOptions options = CommandLine.populateCommand(new RunOptions(), arguments.toArray(String[]::new));
        List<String> who = new ArrayList<>(List.of(folder.toString()));
        mesh.forEach(setting -> who.addAll(List.of("--set", setting)));
        IdentityOptions identity = CommandLine.populateCommand(new IdentityOptions(), who.toArray(String[]::new));
        ConfigSession session = ConfigSession.open(identity.config(), identity, options.outbound(), List.of());
        ProcessLog log = ProcessLogs.open();
        StringWriter err = new StringWriter();
        try {
            return new AdminProcess(log, ProxyProcess.start(session, options, log, new PrintWriter(err)), config);
        } catch (UserError e) {
            log.close();
            throw e;
        }
    }

    ProxyProcess process() {
        return process;
    }

    AdminClient admin() {
        String address = process.adminAddress();
        int colon = address.lastIndexOf(':');
        return new AdminClient(new InetSocketAddress(
                InetAddress.getLoopbackAddress(), Integer.parseInt(address.substring(colon + 1))));
    }

    InetSocketAddress outbound() {
        ListenerPlan listener = process.listeners().get(0);
        return process.proxy().listeners().address(listener.bind());
    }

    /** Asks through the proxy. */
    HttpResponse<String> get(String url) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
    }

    CompletableFuture<HttpResponse<String>> begin(String url) {
        return client.sendAsync(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Edits the configuration; the process finds out by itself. In one step, so that it never reads half of it. */
    void edit(String yaml) throws IOException {
        Path next = Files.createTempFile("config", ".next");
        Files.writeString(next, yaml);
        Files.move(next, config, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void close() {
        process.close();
        log.close();
    }
}
