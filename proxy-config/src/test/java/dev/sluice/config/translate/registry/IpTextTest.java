package dev.sluice.config.translate.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IpTextTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1,      true",
        "255.255.255.0,  true",
        "256.0.0.1,      false",
        "1.2.3,          false",
        "1.2.3.4.5,      false",
        "1..2.3,         false",
        "1.2.3.x,        false",
        "1.2.3.4.,       false",
        "::1,            true",
        "fd00::1:2,      true",
        "::ffff:1.2.3.4, true",
        "a.test,         false",
        "host:80,        false",
        "'',             false",
    })
    void literalsAreToldFromNames(String text, boolean literal) {
        assertEquals(literal, IpText.isLiteral(text));
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1,     10.0.0.1",
        "10.0.0.1/32,  10.0.0.1",
        "10.0.0.0/8,   null",
        "FD00::1/128,  fd00::1",
        "fd00::/32,    null",
        "None,         null",
    })
    void aRangeOfOneIsAnAddress(String written, String expected) {
        assertEquals(expected, String.valueOf(IpText.single(written)));
    }
}
