package dev.sluice.proxy.codec.http1;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorityTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "reviews.default.svc.cluster.local:9080",
                "10.0.0.1:80",
                "[::1]",
                "[fe80::1%25eth0]:8080",
                "under_score",
                "A.B",
                "a:"
            })
    void hostsWithOptionalPortsPass(String authority) {
        assertTrue(Authority.isValid(authority));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a, b",
                "a,b",
                "u@a",
                "u:p@a",
                "a/b",
                "a b",
                "a\u0000",
                "a\t",
                "a:x",
                "a:80:80",
                "::1",
                "[::1",
                "[]",
                "[::1]x",
                "[::1/]",
                ":80",
                "a#b",
                "a?b",
                "a\\b",
                "a:123456",
                "caf\u00e9",
                "a\"b",
                "<a>"
            })
    void anythingElseDoesNot(String authority) {
        assertFalse(Authority.isValid(authority));
    }
}
