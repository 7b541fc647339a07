package dev.sluice.config.plan.words;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** spec/istio-fields.md §7, spec/reliability.md E13. */
class PathNormalizerTest {
    @ParameterizedTest
    @CsvSource({
        "/, /",
        "/a/b, /a/b",
        "/a/./b, /a/b",
        "/a/../b, /b",
        "/a/b/.., /a/",
        "/a/b/../, /a/",
        "/a/., /a/",
        "/., /",
        "/./, /",
        "/a/.., /",
        "/a//../b, /a/b",
        "//a, //a",
        "/a//b, /a//b",
        "/a\\b, /a/b",
        "/a\\..\\b, /b",
        "/%61%2Db%5f%7E, /a-b_~",
        "/a/%2e%2E/b, /b",
        "/a/.%2e/b, /b",
        "/a/%2e/b, /a/b",
        "/a%2Fb%5cc, /a%2Fb%5cc",
        "/a%2F..%2Fb, /a%2F..%2Fb",
        "/%20%3f%23%25, /%20%3f%23%25",
        "/%252e%252e/a, /%252e%252e/a",
        "/.a/..b/a./a../..., /.a/..b/a./a../...",
        "/.well-known/x, /.well-known/x",
        "/a/../b?x=/../%zz\\, /b?x=/../%zz\\",
        "/.?q, /?q",
        "/a?%, /a?%",
        "*, *",
    })
    void baseRemovesDotSegmentsAndDecodesUnreservedCharacters(String path, String expected) {
        assertEquals(expected, PathNormalizer.normalize(path, PathNormalization.BASE));
    }

    @ParameterizedTest
    @CsvSource({
        "/{id}, /%7Bid%7D",
        "/a|b^c`d, /a%7Cb%5Ec%60d",
        "/\"<a>\", /%22%3Ca%3E%22",
        "/a|/../b|?c|d, /b%7C?c|d",
        "/%7b|, /%7b%7C",
        "/a[1]'(b)!$&*+:;=@, /a[1]'(b)!$&*+:;=@",
    })
    void whatNoPathMayHoldIsEncoded(String path, String expected) {
        assertEquals(expected, PathNormalizer.normalize(path, PathNormalization.BASE));
    }

    @ParameterizedTest
    @CsvSource({
        "/a/..;/b, /b",
        "/a/..;x=1;y/b, /b",
        "/a/b/..;, /a/",
        "/a/..;?q=/..;/, /?q=/..;/",
        "/a/.;/b, /a/b",
        "/a/.;x, /a/",
        "/a/b/..;/..;/c, /c",
        "/a/%2e%2e;/b, /b",
        "/a\\..;\\b, /b",
        "/a/...;/b, /a/...;/b",
        "/a/..%3B/b, /a/..%3B/b",
        "/a;../b;.;/;../c, /a;../b;.;/;../c",
    })
    void aDotSegmentWithParametersIsOne(String path, String expected) {
        assertEquals(expected, PathNormalizer.normalize(path, PathNormalization.BASE));
    }

    @ParameterizedTest
    @CsvSource({
        "//a///b//, /a/b/",
        "/a//../b, /a/b",
        "/a/..//b, /b",
        "/a\\\\b, /a/b",
        "/a%2F%2Fb, /a%2F%2Fb",
        "/a//b?c=//, /a/b?c=//",
    })
    void mergeSlashesIsBaseAndThenOneSlashForEachRun(String path, String expected) {
        assertEquals(expected, PathNormalizer.normalize(path, PathNormalization.MERGE_SLASHES));
    }

    @ParameterizedTest
    @CsvSource({
        "/a%2Fb, /a/b",
        "/a%5cb, /a/b",
        "/a%2f%2F/b, /a/b",
        "/a%2f..%2fb, /b",
        "/a%252Fb, /a%252Fb",
        "/a?b=%2F, /a?b=%2F",
    })
    void decodeAndMergeSlashesDecodesEscapedSlashesFirst(String path, String expected) {
        assertEquals(expected, PathNormalizer.normalize(path, PathNormalization.DECODE_AND_MERGE_SLASHES));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/..",
                "/../",
                "/../a",
                "/a/../..",
                "/a/../../b",
                "/%2e%2e/a",
                "/\\..\\..\\..",
                "/%",
                "/%4",
                "/a%zz",
                "/%4g",
                "/%-1",
                "/a%?41",
                "/a%4?1",
                "/%00",
                "/a\u0000b",
                "/a/%2e%2e/%2e%2e",
                "/..;",
                "/..;/a",
                "/a/..;/..;x/b"
            })
    void refusesMalformedEncodingsNulAndWhatLeadsAboveTheRoot(String path) {
        for (PathNormalization mode : PathNormalization.values()) {
            if (mode == PathNormalization.NONE) {
                assertSame(path, PathNormalizer.normalize(path, mode));
            } else {
                assertNull(PathNormalizer.normalize(path, mode), mode + " " + path);
            }
        }
    }

    @Test
    void anEscapedDotDotAboveTheRootIsRefusedOnlyWhereEscapedSlashesAreDecoded() {
        assertEquals("/a%2F..%2F..", PathNormalizer.normalize("/a%2F..%2F..", PathNormalization.MERGE_SLASHES));
        assertNull(PathNormalizer.normalize("/a%2F..%2F..", PathNormalization.DECODE_AND_MERGE_SLASHES));
    }

    @ParameterizedTest
    @EnumSource(PathNormalization.class)
    void returnsTheSameStringWhenThereIsNothingToDo(PathNormalization mode) {
        for (String path :
                new String[] {"/", "/api/v1/items", "/a%20b%3F", "/.well-known/a", "/a.b/..c", "/a?b=//../%", "*"}) {
            assertSame(path, PathNormalizer.normalize(path, mode));
        }
    }

    @Property
    void isDoneOnce(@ForAll("targets") String target, @ForAll PathNormalization mode) {
        String normal = PathNormalizer.normalize(target, mode);
        if (normal != null) {
            assertSame(normal, PathNormalizer.normalize(normal, mode));
        }
    }

    @Property
    void leavesNothingThatAnUpstreamMightReadOtherwise(@ForAll("targets") String target) {
        String normal = PathNormalizer.normalize(target, PathNormalization.DECODE_AND_MERGE_SLASHES);
        if (normal == null) {
            return;
        }
        int question = normal.indexOf('?');
        String path = question < 0 ? normal : normal.substring(0, question);
        assertTrue(path.startsWith("/"), path);
        assertFalse(path.contains("|"), path);
        assertFalse(path.contains("\\") || path.contains("//"), path);
        String plain = (path + "/").replaceAll(";[^/]*", "");
        assertFalse(plain.contains("/./") || plain.contains("/../"), path);
        String upper = path.toUpperCase(Locale.ROOT);
        assertFalse(upper.contains("%2F") || upper.contains("%5C") || upper.contains("%2E"), path);
        assertEquals(
                question < 0 ? "" : target.substring(target.indexOf('?')),
                question < 0 ? "" : normal.substring(question));
    }

    @Provide
    Arbitrary<String> targets() {
        return Arbitraries.of(
                        "/", "/", "a", ".", "..", "\\", "%2e", "%2F", "%5c", "%25", "%61", "%20", "%", "b", ".a", ";",
                        "|", "?")
                .list()
                .ofMaxSize(10)
                .map(parts -> "/" + String.join("", parts));
    }
}
