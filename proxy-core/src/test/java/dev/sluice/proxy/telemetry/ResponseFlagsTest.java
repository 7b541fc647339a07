package dev.sluice.proxy.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.stream.ErrorCode;
import dev.sluice.proxy.stream.ProxyError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Envoy lists flags in the order of its enumeration, which dashboards and alerts match as text. */
class ResponseFlagsTest {
    @ParameterizedTest
    @CsvSource({
        "            , false, false, -",
        "            , true , false, DI",
        "            , false, true , URX",
        "            , true , true , 'DI,URX'",
        "NO_ROUTE    , false, false, NR",
        "INTERNAL    , false, false, -",
        "INTERNAL    , true , false, DI",
        "FAULT_ABORT , true , false, 'DI,FI'",
        "CLIENT_GONE , true , true , 'DI,DC,URX'",
        "TIMEOUT     , false, true , 'UT,URX'",
        "UPSTREAM_PROTOCOL, true, true, 'DI,URX,UPE'"
    })
    void flagsAreJoinedInEnvoysOrder(ErrorCode code, boolean delayed, boolean limitReached, String expected) {
        Exchange exchange = new Traffic(ended -> {}).start(Traffic.get("/").build());
        if (delayed) {
            exchange.noteDelay();
        }
        if (limitReached) {
            exchange.noteRetryLimit();
        }
        if (code != null) {
            exchange.fail(ProxyError.proxy(code, ""));
        }
        assertEquals(expected, ResponseFlags.of(exchange));
    }

    @Test
    void aRetryThatTheClusterHadNotToGiveIsAnOverflowBesideWhatFailed() {
        Exchange exchange = new Traffic(ended -> {}).start(Traffic.get("/").build());
        exchange.noteDelay();
        exchange.noteRetryOverflow();
        assertEquals("UO,DI", ResponseFlags.of(exchange));
        exchange.fail(ProxyError.proxy(ErrorCode.UPSTREAM_CLOSED, ""));
        assertEquals("UC,UO,DI", ResponseFlags.of(exchange));
    }
}
