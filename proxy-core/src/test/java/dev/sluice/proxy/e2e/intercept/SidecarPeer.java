package dev.sluice.proxy.e2e.intercept;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.proxy.e2e.fixture.GrpcText;
import dev.sluice.proxy.e2e.fixture.SocketServer;
import dev.sluice.proxy.e2e.fixture.WireH2;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * A program that stands for apps in a network namespace. {@code serve} opens servers, says {@code serving} and lives until its
 * standard input ends; every other word asks one thing and prints one line for it. Words:
 *
 * <ul>
 *   <li>{@code http NAME ADDRESS PORT}, {@code grpc NAME ADDRESS PORT}, {@code greet NAME ADDRESS PORT} and {@code tls
 *       KEYSTORE ADDRESS PORT} behind {@code serve}: each answers with its name, and HTTP with the client's address too
 *   <li>{@code get ADDRESS PORT HOST COUNT}, {@code h2c ADDRESS PORT HOST}, {@code grpc ADDRESS PORT HOST}, {@code greet
 *       ADDRESS PORT -} and {@code tls ADDRESS PORT NAME} behind {@code ask}
 * </ul>
 */
public final class SidecarPeer {
    private static final MethodDescriptor<String, String> UNARY = GrpcText.method("Unary", MethodType.UNARY);
    private static final String PASSWORD = "changeit";
    private static final int PATIENCE_MILLIS = 60_000;

    private SidecarPeer() {}

    public static void main(String[] words) throws Exception {
        if (words[0].equals("serve")) {
            for (int i = 1; i < words.length; i += 4) {
                serve(words[i], words[i + 1], new InetSocketAddress(words[i + 2], Integer.parseInt(words[i + 3])));
            }
            System.out.println("serving");
            int end = System.in.read();
            System.exit(end < 0 ? 0 : 1);
        }
        int at = 1;
        while (at < words.length) {
            String kind = words[at];
            InetSocketAddress address = new InetSocketAddress(words[at + 1], Integer.parseInt(words[at + 2]));
            boolean counted = kind.equals("get");
            System.out.println(ask(kind, address, words[at + 3], counted ? Integer.parseInt(words[at + 4]) : 1));
            at += counted ? 5 : 4;
        }
        System.exit(0);
    }

    private static void serve(String kind, String name, InetSocketAddress address) throws Exception {
        switch (kind) {
            case "http" -> http(name, address);
            case "grpc" -> grpc(name, address);
            case "greet" ->
                new SocketServer(bound(new ServerSocket(), address), client -> {
                    write(client, "220 " + name + "\n");
                    write(client, "250 " + line(client) + "\n");
                });
            case "tls" -> {
                ServerSocket socket = context(name).getServerSocketFactory().createServerSocket();
                new SocketServer(bound(socket, address), client -> write(client, "tls " + line(client) + "\n"));
            }
            default -> throw new IllegalArgumentException(kind);
        }
    }

    private static ServerSocket bound(ServerSocket socket, InetSocketAddress address) throws IOException {
        socket.setReuseAddress(true);
        socket.bind(address);
        return socket;
    }

    private static void http(String name, InetSocketAddress address) throws IOException {
        HttpServer server = HttpServer.create(address, 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", exchange -> {
            String client = exchange.getRemoteAddress().getAddress().getHostAddress();
            byte[] answer = (name + " from " + client + "\n").getBytes(StandardCharsets.US_ASCII);
            exchange.getResponseHeaders().set("x-upstream", name);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
    }

    private static void grpc(String name, InetSocketAddress address) throws IOException {
        NettyServerBuilder.forAddress(address)
                .addService(ServerServiceDefinition.builder("test.Echo")
                        .addMethod(UNARY, ServerCalls.asyncUnaryCall((request, answers) -> {
                            answers.onNext(name + " " + request);
                            answers.onCompleted();
                        }))
                        .build())
                .build()
                .start();
    }

    private static String ask(String kind, InetSocketAddress address, String name, int count) throws Exception {
        return switch (kind) {
            case "get" -> counted(address, name, count);
            case "h2c" -> h2c(address, name);
            case "grpc" -> call(address, name);
            case "greet" -> greeted(address);
            case "tls" -> secured(address, name);
            default -> throw new IllegalArgumentException(kind);
        };
    }

    /** Bodies and how often each came, such as {@code {v1 from 10.0.0.1=9, v2 from 10.0.0.1=1}}; failures as their status line. */
    private static String counted(InetSocketAddress address, String host, int count) throws IOException {
        Map<String, Integer> bodies = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            try (Socket socket = connect(address)) {
                write(socket, "GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
                String status = line(socket);
                String last = status;
                for (String line = line(socket); !line.isEmpty(); line = line(socket)) {
                    last = line;
                }
                String body = line(socket);
                bodies.merge(status.contains(" 200 ") ? body : status + " " + last, 1, Integer::sum);
            } catch (SocketException e) {
                bodies.merge("closed", 1, Integer::sum);
            }
        }
        return bodies.toString();
    }

    private static String h2c(InetSocketAddress address, String host) throws IOException {
        try (WireH2 client = new WireH2(address)) {
            client.headers(1, true, ":method", "GET", ":scheme", "http", ":authority", host, ":path", "/");
            String answer = client.answer(1);
            int from = answer.indexOf("x-upstream=");
            return answer.split(" ", 4)[2] + " "
                    + (from < 0 ? "" : answer.substring(from).split(" ", 2)[0]);
        }
    }

    private static String call(InetSocketAddress address, String host) throws InterruptedException {
        ManagedChannel channel = NettyChannelBuilder.forAddress(address)
                .usePlaintext()
                .overrideAuthority(host)
                .build();
        try {
            return ClientCalls.blockingUnaryCall(
                    channel, UNARY, CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS), "asks");
        } finally {
            channel.shutdownNow().awaitTermination(60, TimeUnit.SECONDS);
        }
    }

    private static String greeted(InetSocketAddress address) throws IOException {
        try (Socket socket = connect(address)) {
            String greeting = line(socket);
            write(socket, "EHLO\n");
            return greeting + ", " + line(socket);
        }
    }

    /** Whom the certificate is for, and what came through. */
    private static String secured(InetSocketAddress address, String name) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Everybody()}, new SecureRandom());
        try (Socket plain = connect(address);
                SSLSocket socket =
                        (SSLSocket) context.getSocketFactory().createSocket(plain, name, address.getPort(), true)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(name)));
            socket.setSSLParameters(parameters);
            write(socket, "through\n");
            X509Certificate certificate = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return certificate.getSubjectX500Principal().getName() + " " + line(socket);
        }
    }

    /** The test is whose certificate comes, not whether it is trusted. */
    private static final class Everybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    private static SSLContext context(String keystore) throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(Path.of(keystore))) {
            keys.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, new SecureRandom());
        return context;
    }

    private static Socket connect(SocketAddress address) throws IOException {
        Socket socket = new Socket();
        socket.connect(address, PATIENCE_MILLIS);
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }

    /** Without its end; empty at the end of everything. */
    private static String line(Socket socket) throws IOException {
        StringBuilder line = new StringBuilder();
        InputStream in = socket.getInputStream();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }
}
