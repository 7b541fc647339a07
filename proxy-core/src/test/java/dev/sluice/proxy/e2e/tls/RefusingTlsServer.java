package dev.sluice.proxy.e2e.tls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;

/**
 * Wants a certificate of its clients by TLS 1.3 and refuses who has none, by an alert that comes after the client's side of
 * the handshake. The connection stays open: a reset behind the alert might overtake it.
 */
final class RefusingTlsServer implements AutoCloseable {
    private final ServerSocket server;
    private final SSLContext context;
    private final List<Socket> accepted = new ArrayList<>();
    private final Thread thread = new Thread(this::serve, "refusing-tls-server");

    private RefusingTlsServer(SSLContext context) throws IOException {
        this.context = context;
        this.server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    }

    static RefusingTlsServer start(SSLContext context) throws IOException {
        RefusingTlsServer server = new RefusingTlsServer(context);
        server.thread.start();
        return server;
    }

    int port() {
        return server.getLocalPort();
    }

    private void serve() {
        while (!server.isClosed()) {
            try {
                refuse(server.accept());
            } catch (IOException e) {
                if (!server.isClosed()) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    private void refuse(Socket plain) throws IOException {
        synchronized (accepted) {
            accepted.add(plain);
        }
        SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(plain, null, false);
        tls.setNeedClientAuth(true);
        tls.setEnabledProtocols(new String[] {"TLSv1.3"});
        try {
            tls.startHandshake();
            throw new IllegalStateException("a client without a certificate was let in");
        } catch (SSLHandshakeException expected) {
            // The client was told.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        synchronized (accepted) {
            for (Socket socket : accepted) {
                socket.close();
            }
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
