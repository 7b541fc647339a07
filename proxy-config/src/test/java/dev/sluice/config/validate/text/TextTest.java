package dev.sluice.config.validate.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextTest {
    @ParameterizedTest
    @ValueSource(strings = {"a", "A1", "0", "a-b", "a--b"})
    void labels(String text) {
        assertTrue(DnsText.isLabel(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", "a-", "a_b", "a.b", "*", "ä", "a b"})
    void noLabels(String text) {
        assertFalse(DnsText.isLabel(text));
    }

    @Test
    void aLabelHasAtMost63Characters() {
        assertTrue(DnsText.isLabel("a".repeat(63)));
        assertFalse(DnsText.isLabel("a".repeat(64)));
        assertTrue(DnsText.isWildcardLabel("*-" + "a".repeat(61)));
        assertFalse(DnsText.isWildcardLabel("*-" + "a".repeat(62)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a.b", "a.b.", "1.a", "a.1a"})
    void fullNames(String text) {
        assertNull(DnsText.fqdnProblem(text));
        assertNull(DnsText.wildcardDomainProblem(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", ".a", "a..b", "a.1", "a.-1", "1", "a_b.c", "a/b"})
    void noFullNames(String text) {
        assertNotNull(DnsText.fqdnProblem(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "*.a", "*a.b", "*-a.b", "*-a"})
    void wildcards(String text) {
        assertNull(DnsText.wildcardDomainProblem(text));
        assertNotNull(DnsText.fqdnProblem(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.*.b", "a*", "**", "*.*", "*.1", "*-.a"})
    void noWildcards(String text) {
        assertNotNull(DnsText.wildcardDomainProblem(text));
    }

    @Test
    void partialWildcardsAreThoseThatAreNoWholeLabel() {
        assertTrue(DnsText.isPartialWildcard("*a.b"));
        assertTrue(DnsText.isPartialWildcard("a.*"));
        assertFalse(DnsText.isPartialWildcard("*"));
        assertFalse(DnsText.isPartialWildcard("*.a"));
        assertFalse(DnsText.isPartialWildcard("a.b"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "255.255.255.255",
                "::",
                "::1",
                "1::",
                "1:2:3:4:5:6:7:8",
                "1::8",
                "2001:DB8::a",
                "::ffff:1.2.3.4",
                "1:2:3:4:5:6:1.2.3.4",
                "fe80::1%eth0"
            })
    void addresses(String text) {
        assertTrue(IpText.isAddress(text));
        assertTrue(text.indexOf('%') >= 0 || IpText.isSubnet(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "1.2.3",
                "1.2.3.4.5",
                "01.2.3.4",
                "256.1.1.1",
                "1.2.3.",
                "1.2.3.+4",
                ":",
                ":::",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1::2::3",
                "1:2:3:4:5:6:7::8",
                "12345::",
                "g::",
                "1.2.3.4::",
                "::1.2.3",
                "::1%",
                "1.2.3.4%eth0",
                "localhost"
            })
    void noAddresses(String text) {
        assertFalse(IpText.isAddress(text));
    }

    @Property
    void everyAddressThatJavaPrintsIsOne(@ForAll @Size(16) byte[] v6, @ForAll @Size(4) byte[] v4)
            throws UnknownHostException {
        assertTrue(IpText.isAddress(InetAddress.getByAddress(v6).getHostAddress()));
        assertTrue(IpText.isAddress(InetAddress.getByAddress(v4).getHostAddress()));
    }

    @Test
    void aSubnetHasALengthThatFitsItsFamily() {
        for (String good : List.of("10.0.0.0/8", "10.0.0.0/32", "::/0", "2001:db8::/128", "10.1.2.3")) {
            assertTrue(IpText.isSubnet(good), good);
        }
        for (String bad : List.of("10.0.0.0/33", "10.0.0.0/", "10.0.0.0/08", "::/129", "10.0.0.0/8/8", "a/8", "/8")) {
            assertFalse(IpText.isSubnet(bad), bad);
        }
    }

    @Test
    void labelKeysMayHaveAPrefix() {
        for (String good : List.of("app", "app.kubernetes.io/name", "a_b.c-d", "A")) {
            assertTrue(LabelText.isKey(good), good);
        }
        for (String bad : List.of("", "/a", "a/", "a/b/c", "-a", "a_", "x_y/a", "a b", "a".repeat(64))) {
            assertFalse(LabelText.isKey(bad), bad);
        }
        assertTrue(LabelText.isKey("a".repeat(63)));
        assertTrue(LabelText.isValue(""));
        assertTrue(LabelText.isValue("v1.2_3-x"));
        assertFalse(LabelText.isValue("v1/2"));
        assertFalse(LabelText.isValue(".v1"));
    }

    @Test
    void unixSocketsAreAbsoluteFilesOrAbstractNames() {
        assertTrue(UnixText.isUnix("unix:///a"));
        assertFalse(UnixText.isUnix("/a"));
        assertTrue(UnixText.isValid("unix:///run/a.sock"));
        assertTrue(UnixText.isValid("unix://@a"));
        assertFalse(UnixText.isValid("unix://run/a.sock"));
        assertFalse(UnixText.isValid("unix:///run/"));
        assertFalse(UnixText.isValid("unix://"));
    }

    @Test
    void protocolsAreReadInEitherCase() {
        assertEquals(PortProtocol.GRPC_WEB, PortProtocol.of("grpc-Web"));
        assertEquals(PortProtocol.HTTP_PROXY, PortProtocol.of("http_proxy"));
        assertNull(PortProtocol.of("GRPC_WEB"));
        assertNull(PortProtocol.of(""));
        assertNull(PortProtocol.of("HTTP3"));
        assertTrue(PortProtocol.HTTPS.isTls() && PortProtocol.HTTPS.isTcp() && !PortProtocol.HTTPS.isHttp());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "((a{100}){100}){100}",
                "((a{1000}){1000}){1000}",
                "(?:(?:x{50,}){50,}){50,}",
                "((\\pL{1000}|b){1000}c){2}",
                "(([^\\]{}]{999}){999}){999}",
                "((\\x{10FFFF}{1000}){1000}){9}",
                "(([[:alpha:]]{1000}){1000}){9}",
                "((\\Q{1}\\E{1000}){1000}){9}"
            })
    void expressionsThatWouldFillTheHeapAreNotCompiled(String regex) {
        String problem = RegexText.problem(regex);
        assertNotNull(problem);
        assertTrue(problem.contains("is too large"), problem);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
                "(?i)^/api/v[0-9]+/.{0,512}$",
                "a{b}{c}",
                "\\{\\}\\(",
                "[]a]{3}",
                "(?P<year>\\d{4})-(\\d{2})",
                ".{1000}"
            })
    void ordinaryExpressionsAre(String regex) {
        assertNull(RegexText.problem(regex));
    }

    @Test
    void nestingIsBounded() {
        assertNotNull(RegexText.problem("(".repeat(512) + ")".repeat(512)));
        assertNotNull(RegexText.problem("(".repeat(1024)));
        assertNull(RegexText.problem("(".repeat(100) + "a" + ")".repeat(100)));
    }

    @Property
    void noExpressionThrows(@ForAll String text) {
        String problem = RegexText.problem(text);
        assertTrue(problem == null || !problem.isEmpty());
    }

    @Property
    void noHeaderValueThrows(@ForAll String text) {
        String problem = HeaderText.valueProblem("%" + text);
        assertTrue(problem == null || !problem.isEmpty());
    }

    @Test
    void claimsAreAnnouncedByTheirPrefix() {
        assertTrue(HeaderText.isClaim("@request.auth.claims.sub"));
        assertTrue(HeaderText.isClaim("@Request.Auth.Claims[a][b]"));
        assertFalse(HeaderText.isClaim("@request.auth.claims"));
        assertFalse(HeaderText.isClaim("@request.auth.claims."));
        assertFalse(HeaderText.isClaim("@request.auth.claimsub"));
        assertFalse(HeaderText.isClaim("@request.auth.claims[a"));
    }

    @Test
    void retryTermsAreSplitAtEveryComma() {
        assertEquals(List.of("5xx", " reset", ""), RetryTerms.split("5xx, reset,"));
        assertTrue(RetryTerms.isKnown("503"));
        assertTrue(RetryTerms.isKnown("retriable-4xx"));
        assertFalse(RetryTerms.isKnown(" reset"));
        assertFalse(RetryTerms.isKnown("0503"));
        assertFalse(RetryTerms.isKnown(""));
    }
}
