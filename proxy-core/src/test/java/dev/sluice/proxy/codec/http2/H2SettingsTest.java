package dev.sluice.proxy.codec.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.codec.http2.DefaultHttp2LocalFlowController;
import io.netty.handler.codec.http2.Http2Settings;
import org.junit.jupiter.api.Test;

/** spec/reliability.md A4: what must not stay at Netty's defaults. */
class H2SettingsTest {
    private static H2Settings.Parts parts(boolean server) {
        return H2Settings.DEFAULT.assemble(server, new FloodGuard(System::nanoTime));
    }

    @Test
    void aServerAnnouncesTheEdgeProfileAndTunnels() {
        Http2Settings settings = H2Settings.DEFAULT.initialSettings(true);
        assertEquals(61_440L, settings.maxHeaderListSize());
        assertEquals(100L, settings.maxConcurrentStreams());
        assertEquals(65_536, settings.initialWindowSize());
        assertTrue(settings.connectProtocolEnabled());
    }

    @Test
    void aClientRefusesPush() {
        Http2Settings settings = H2Settings.DEFAULT.initialSettings(false);
        assertFalse(settings.pushEnabled());
        assertEquals(0L, settings.maxConcurrentStreams());
        assertFalse(parts(false).connection().local().allowPushTo());
    }

    @Test
    void limitsHoldBeforeThePeerHasSeenThem() {
        H2Settings.Parts parts = parts(true);
        assertEquals(100, parts.connection().remote().maxActiveStreams());
        assertEquals(61_440, parts.decoder().localSettings().maxHeaderListSize());
    }

    @Test
    void theHeaderLimitIsTheCallersOwn() {
        assertEquals(1_000L, H2Settings.with(1_000).initialSettings(true).maxHeaderListSize());
    }

    @Test
    void theConnectionWindowRefillsByItself() {
        assertInstanceOf(
                DefaultHttp2LocalFlowController.class,
                parts(true).connection().local().flowController());
    }
}
