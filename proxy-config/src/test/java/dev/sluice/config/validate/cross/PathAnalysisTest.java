package dev.sluice.config.validate.cross;

import static dev.sluice.config.validate.cross.Documents.check;
import static dev.sluice.config.validate.cross.Documents.checkWith;
import static dev.sluice.config.validate.cross.Documents.object;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SLC0123: paths to match that no request has. */
class PathAnalysisTest {
    private static String rule(String matcher) {
        return object(
                "VirtualService",
                "vs",
                "{hosts: [a.com], http: [{match: [{uri: {" + matcher + "}}], directResponse: {status: 200}}]}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "exact: /",
                "exact: /a%20b",
                "exact: /a%2fb",
                "exact: /a//b",
                "exact: /.well-known/x",
                "exact: '*'",
                "prefix: ''",
                "prefix: /a%",
                "prefix: /a%4",
                "prefix: /a/.",
                "prefix: /a/..",
                "prefix: /a.",
                "regex: '/a{2}\\?'"
            })
    void whatARequestCanHaveIsQuiet(String matcher) {
        check(rule(matcher));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/search?q=1 | what follows the question mark is the query; match it by queryParams",
                "/page#top | clients keep a fragment to themselves",
                "reviews | every path begins with a slash",
                "/a b | blanks, and letters beyond ASCII, come percent-encoded, such as %20",
                "/caf\u00e9 | blanks, and letters beyond ASCII, come percent-encoded, such as %20",
                "/users/{id} | it is matched as \"/users/%7Bid%7D\"",
                "/a/%7euser | it is matched as \"/a/~user\"",
                "/a/../b | it is matched as \"/b\"",
                "/a/./b | it is matched as \"/a/b\"",
                "/a\\b | it is matched as \"/a/b\"",
                "/../a | it is answered 400",
                "/a%zz | it is answered 400",
            })
    void whatNoRequestHasIsToldWithTheReason(String path, String reason) {
        for (String kind : List.of("exact", "prefix")) {
            check(
                    rule(kind + ": '" + path + "'"),
                    "SLC0123 warning '" + path + " | no request has this path: " + reason);
        }
    }

    @Test
    void anExactPathEndsWhereItEnds() {
        check(rule("exact: /a%4"), "SLC0123 warning /a%4 | no request has this path: it is answered 400");
        check(rule("exact: /a/.."), "SLC0123 warning /a/.. | no request has this path: it is matched as \"/\"");
    }

    @Test
    void theMeshSaysInWhichFormPathsAreMatched() {
        String slashes = rule("prefix: /a//b");
        String encoded = rule("prefix: /a%2Fb");
        String template = rule("prefix: '/users/{id}'");
        checkWith(List.of("pathNormalization.normalization=NONE"), template);
        checkWith(List.of("pathNormalization.normalization=MERGE_SLASHES"), encoded);
        checkWith(
                List.of("pathNormalization.normalization=MERGE_SLASHES"),
                slashes,
                "SLC0123 warning /a//b | no request has this path: it is matched as \"/a/b\"");
        checkWith(
                List.of("pathNormalization.normalization=DECODE_AND_MERGE_SLASHES"),
                encoded,
                "SLC0123 warning /a%2Fb | no request has this path: it is matched as \"/a/b\"");
    }
}
