package dev.sluice.config.crd.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScalarResolverTest {
    @ParameterizedTest
    @ValueSource(strings = {"y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"})
    void whatKubernetesReadsAsTrueIsTrue(String text) {
        assertEquals(true, ScalarResolver.resolve(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"})
    void whatKubernetesReadsAsFalseIsFalse(String text) {
        assertEquals(false, ScalarResolver.resolve(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "~", "null", "Null", "NULL"})
    void nothingIsNull(String text) {
        assertEquals(null, ScalarResolver.resolve(text));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0, 0",
        "+7, 7",
        "42, 42",
        "017, 15",
        "0o17, 15",
        "0x1F, 31",
        "-0x1f, -31",
        "0b101, 5",
        "1_000, 1000",
        "9223372036854775807, 9223372036854775807",
    })
    void integersAreReadInEveryBase(String text, long value) {
        assertEquals(value, ScalarResolver.resolve(text));
    }

    @ParameterizedTest
    @CsvSource({
        "1.5, 1.5",
        "-.5, -0.5",
        "+.5, 0.5",
        ".5, 0.5",
        "1e3, 1000",
        "1., 1",
        "1.5E-1, 0.15",
        "08, 8",
        "1_0.5, 10.5"
    })
    void decimalsAreReadAsNumbers(String text, double value) {
        assertEquals(value, ScalarResolver.resolve(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "yEs",
                "tRUE",
                "1:30",
                "2024-01-01",
                "2001-12-14T21:59:43Z",
                "0x",
                "0b2",
                "0xg",
                "1e",
                "1.2.3",
                ".",
                "-",
                "+",
                "--1",
                "1-",
                "1d",
                "10.0.0.1",
                "::1",
                "NaN",
                "inf",
                "1e999",
                "0o8",
                "１"
            })
    void everythingElseStaysText(String text) {
        assertEquals(text, ScalarResolver.resolve(text));
    }

    @Test
    void whatDoesNotFitALongIsABigInteger() {
        assertEquals(new BigInteger("9223372036854775808"), ScalarResolver.resolve("9223372036854775808"));
        assertEquals(new BigInteger("-18446744073709551616"), ScalarResolver.resolve("-18446744073709551616"));
    }

    @Test
    void aNumberOfThousandsOfDigitsIsNotWorkedOn() {
        String digits = "9".repeat(100_000);
        assertEquals(digits, ScalarResolver.resolve(digits));
    }

    @Test
    void notANumberAndInfinityHaveYamlsSpelling() {
        assertEquals(
                List.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY),
                List.of(
                        ScalarResolver.resolve(".nan"),
                        ScalarResolver.resolve("+.Inf"),
                        ScalarResolver.resolve("-.INF")));
    }
}
