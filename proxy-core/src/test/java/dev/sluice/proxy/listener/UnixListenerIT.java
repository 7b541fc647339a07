package dev.sluice.proxy.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.config.plan.ListenerPlan;
import dev.sluice.config.plan.ListenerPlan.BindAddress;
import dev.sluice.config.plan.ListenerPlan.Kind;
import dev.sluice.config.plan.SourceRef;
import dev.sluice.config.plan.TrafficPlan;
import dev.sluice.proxy.upstream.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of files that stand where a socket is to be. */
class UnixListenerIT {
    @TempDir
    private Path folder;

    private @Nullable Transport transport;

    @AfterEach
    void stop() {
        if (transport != null) {
            transport.group().shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }

    private Channel bind(Transport.Kind kind, Path file, int mode) throws BindException {
        transport = transport == null ? Transport.start(kind, 1) : transport;
        ListenerPlan plan = new ListenerPlan(
                        "test",
                        new BindAddress(file.toString(), 0),
                        Kind.GATEWAY,
                        TrafficPlan.chains(List.of()),
                        List.of(),
                        SourceRef.NONE)
                .withSocketMode(mode);
        ServerBootstrap bootstrap =
                new ServerBootstrap().group(transport.group()).childHandler(new ChannelInboundHandlerAdapter() {});
        return UnixListener.bind(bootstrap, plan, transport.kind());
    }

    private String refusal(Transport.Kind kind, Path file) {
        return String.valueOf(assertThrows(BindException.class, () -> bind(kind, file, ListenerPlan.DEFAULT_MODE))
                .getMessage());
    }

    private static ServerSocketChannel listening(Path file) throws IOException {
        return ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(file));
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "NIO", "IO_URING"})
    void whatADeadProcessLeftBehindGivesWay(Transport.Kind kind) throws Exception {
        Path file = folder.resolve("stale.sock");
        listening(file).close();
        assertTrue(Files.exists(file), "the JDK leaves the file of a closed socket");
        Channel bound = bind(kind, file, 0660);
        assertEquals("rw-rw----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        bound.close().awaitUninterruptibly();
        assertFalse(Files.exists(file));
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "NIO"})
    void aSocketThatSomebodyListensOnIsNotTakenOver(Transport.Kind kind) throws Exception {
        Path file = folder.resolve("live.sock");
        try (ServerSocketChannel other = listening(file)) {
            assertEquals("cannot bind " + file + ": Address already in use", refusal(kind, file));
            assertTrue(other.isOpen() && Files.exists(file));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "NIO"})
    void aFileThatIsNoSocketStays(Transport.Kind kind) throws Exception {
        Path file = Files.writeString(folder.resolve("notes.txt"), "keep me");
        assertEquals(
                "cannot bind " + file + ": there is a file of that name, and it is no socket", refusal(kind, file));
        assertEquals("keep me", Files.readString(file));
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "NIO"})
    void aPathThatIsTooLongIsNotCutOff(Transport.Kind kind) throws IOException {
        Path file = folder.resolve("s".repeat(108));
        String refusal = refusal(kind, file);
        assertTrue(refusal.contains("has at most 107 bytes"), refusal);
        assertEquals(0, folder.toFile().list().length);
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "NIO"})
    void aFolderThatIsNotThereIsNamed(Transport.Kind kind) {
        String refusal = refusal(kind, folder.resolve("nowhere").resolve("a.sock"));
        assertTrue(refusal.endsWith("No such file or directory"), refusal);
    }
}
