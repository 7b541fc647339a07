package dev.sluice.proxy.e2e.admin;

import static dev.sluice.proxy.e2e.fixture.AdminProcess.HELLO;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.Aside;
import dev.sluice.proxy.app.Main;
import dev.sluice.proxy.app.options.ExitCodes;
import dev.sluice.proxy.app.options.UserError;
import dev.sluice.proxy.e2e.fixture.AdminClient.Reply;
import dev.sluice.proxy.e2e.fixture.AdminProcess;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The changes of the admin port act: drain, end; and how a process starts with it. */
class AdminLifeIT {
    @TempDir
    private Path folder;

    @Test
    void drainedListenersTakeNoMoreButTheProcessStays() throws Exception {
        try (AdminProcess process = AdminProcess.start(folder, HELLO)) {
            InetSocketAddress listener = process.outbound();
            assertEquals("hello", process.get("http://hello.example.com/").body());
            assertEquals(200, process.admin().post("/drain_listeners").status());
            assertThrows(ConnectException.class, () -> connect(listener));
            Reply ready = process.admin().get("/ready");
            assertEquals(503, ready.status());
            assertEquals("DRAINING\n", ready.body());
            assertTrue(process.admin().get("/listeners").body().contains("::not bound\n"));
            process.edit(HELLO.replace("string: hello", "string: again"));
            Awaitility.await()
                    .until(() -> process.admin().get("/server_info").body().contains("\"generation\" : 2"));
            assertThrows(ConnectException.class, () -> connect(listener), "a reload opens nothing again");
            assertEquals(200, process.admin().post("/drain_listeners").status(), "twice is once");
        }
    }

    @Test
    void aGracefulDrainGoesOnAccepting() throws Exception {
        try (AdminProcess process = AdminProcess.start(folder, HELLO)) {
            assertEquals(
                    200,
                    process.admin().post("/drain_listeners?graceful&skip_exit").status());
            assertEquals(503, process.admin().get("/ready").status());
            HttpResponse<String> late = process.get("http://hello.example.com/");
            assertEquals("hello", late.body());
            assertEquals(List.of("close"), late.headers().allValues("connection"));
            assertEquals(200, process.admin().post("/drain_listeners").status());
            InetSocketAddress listener = process.outbound();
            assertThrows(ConnectException.class, () -> connect(listener), "and can still be closed");
        }
    }

    private static void connect(InetSocketAddress address) throws IOException {
        new Socket(address.getAddress(), address.getPort()).close();
    }

    @Test
    void quitEndsTheProcessInPeaceAndTwiceIsOnce() throws Exception {
        try (AdminProcess process = AdminProcess.start(folder, HELLO, "--drain", "1")) {
            CompletableFuture<Integer> exit = Aside.supply(() -> {
                try {
                    process.process().awaitStop();
                    return process.process().drain();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertEquals(200, process.admin().post("/quitquitquit").status());
            assertEquals(200, process.admin().post("/quitquitquit").status());
            assertEquals(ExitCodes.OK, exit.get());
        }
    }

    @Test
    void anOccupiedPortIsNamedAndNothingStays() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            UserError error =
                    assertThrows(UserError.class, () -> AdminProcess.start(folder, HELLO, "--admin", address));
            assertEquals(ExitCodes.CANNOT_BIND, error.exitCode());
            assertTrue(error.getMessage().contains("cannot bind the admin port " + address), error.getMessage());
        }
    }

    @Test
    void aListenerThatIsWrittenLaterForItsPortIsToldThatItIsTheProxysOwn() throws Exception {
        try (AdminProcess process = AdminProcess.start(folder, HELLO)) {
            String ready = process.process().readyLine();
            String port = ready.substring(ready.lastIndexOf(':') + 1);
            process.edit(HELLO + "---\n"
                    + """
                    apiVersion: networking.istio.io/v1
                    kind: Gateway
                    metadata: {name: late}
                    spec:
                      servers:
                      - port: {number: %s, name: http, protocol: HTTP}
                        hosts: ["*"]
                    """
                            .formatted(port));
            Awaitility.await()
                    .until(() -> process.admin().get("/server_info").body().contains("\"generation\" : 2"));
            String info = process.admin().get("/server_info").body();
            assertTrue(
                    info.contains("cannot bind 0.0.0.0:" + port + ": a port of this proxy's own, admin or status"),
                    info);
            assertEquals("hello", process.get("http://hello.example.com/").body());
        }
    }

    @Test
    void offIsToldAndCountsNothing() throws Exception {
        try (AdminProcess process = AdminProcess.start(folder, HELLO, "--admin", "off")) {
            assertEquals("ready listeners=1 admin=off", process.process().readyLine());
            assertEquals("hello", process.get("http://hello.example.com/").body());
        }
    }

    @Test
    void waitReturnsWhenItIsReadyAndGivesUpWhenItIsNot() throws Exception {
        try (AdminProcess process = AdminProcess.start(folder, HELLO)) {
            String address = "127.0.0.1:" + process.admin().address().getPort();
            assertEquals(0, Main.run("wait", "--admin", address, "--timeout", "10"));
            process.admin().post("/healthcheck/fail");
            assertEquals(1, Main.run("wait", "--admin", address, "--timeout", "0.3"));
        }
    }
}
