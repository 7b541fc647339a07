package dev.sluice.proxy.codec.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeepAliveTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "timeout=5 | 5",
                "timeout=5, max=100 | 5",
                "max=100,Timeout = 60 | 60",
                "timeout=0 | 0",
                "timeout=86401 | 86400",
                "timeout=99999999999999999999 | 86400",
            })
    void theTimeoutIsReadWhereverItStands(String value, int seconds) {
        assertEquals(seconds, KeepAlive.timeout(value));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "max=100",
                "timeout",
                "timeout=",
                "timeout=-1",
                "timeout=5s",
                "timeout=\"5\"",
                "xtimeout=5",
                ",=,"
            })
    void whatCannotBeReadTellsNothing(String value) {
        assertEquals(-1, KeepAlive.timeout(value));
    }
}
