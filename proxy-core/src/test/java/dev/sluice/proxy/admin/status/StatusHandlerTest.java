package dev.sluice.proxy.admin.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.admin.http.Answer;
import dev.sluice.proxy.admin.status.StatusPage.Told;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.timeout.IdleStateEvent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Which connections of a status port are closed because nothing moves on them. */
class StatusHandlerTest {
    private final CompletableFuture<Told> app = new CompletableFuture<>();
    private final EmbeddedChannel kubelet =
            new EmbeddedChannel(new StatusHandler(List.of(new StatusPage("/hook", "GET", false, asked -> app)))) {
                @Override
                protected SocketAddress remoteAddress0() {
                    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
                }

                @Override
                protected SocketAddress localAddress0() {
                    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 15020);
                }
            };

    private void idle() {
        kubelet.pipeline().fireUserEventTriggered(IdleStateEvent.ALL_IDLE_STATE_EVENT);
        kubelet.runPendingTasks();
    }

    @Test
    void whoAsksNothingIsClosed() {
        idle();
        assertFalse(kubelet.isOpen());
    }

    @Test
    void whoWaitsForTheAppIsNotAndHearsItsAnswer() {
        kubelet.writeInbound(new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/hook"));
        idle();
        assertTrue(kubelet.isOpen());
        assertNull(kubelet.readOutbound());
        app.complete(new Told(Answer.text("bye\n"), null));
        kubelet.runPendingTasks();
        FullHttpResponse told = kubelet.readOutbound();
        assertNotNull(told);
        assertEquals(200, told.status().code());
        told.release();
        assertFalse(kubelet.isOpen());
    }
}
