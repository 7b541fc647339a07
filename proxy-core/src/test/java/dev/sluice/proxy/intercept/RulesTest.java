package dev.sluice.proxy.intercept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.intercept.rule.Family;
import dev.sluice.proxy.intercept.rule.Interception;
import dev.sluice.proxy.intercept.rule.Interception.Mode;
import dev.sluice.proxy.intercept.rule.Selection;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is printed, to the letter: {@code src/test/resources/intercept}. */
class RulesTest {
    @ParameterizedTest
    @CsvSource({"everything,REDIRECT", "everything,TPROXY", "selected,REDIRECT", "selected,TPROXY"})
    void printsTheRulesOfIptables(String what, Mode mode) throws IOException {
        assertEquals(
                golden(what + "-" + mode.name().toLowerCase(Locale.ROOT) + ".iptables"),
                Interceptor.print(interception(what, mode), List.of(Family.values()), false));
    }

    @ParameterizedTest
    @CsvSource({"everything,REDIRECT", "everything,TPROXY", "selected,REDIRECT", "selected,TPROXY"})
    void printsTheRulesOfNft(String what, Mode mode) throws IOException {
        assertEquals(
                golden(what + "-" + mode.name().toLowerCase(Locale.ROOT) + ".nft"),
                Interceptor.print(interception(what, mode), List.of(Family.values()), true));
    }

    @Test
    void nothingIsInterceptedThatIsNotIncluded() {
        Interception all = Interceptions.everything(Mode.REDIRECT);
        Interception none = new Interception(
                all.mode(),
                all.proxy(),
                new Interception.Inbound(Selection.ports(""), List.of(), List.of()),
                new Interception.Outbound(Selection.ranges(""), List.of(), Selection.ports(""), List.of()),
                all.interfaces(),
                all.tproxy(),
                null);
        List<String> leading = Interceptor.print(none, List.of(Family.IPV4), false)
                .lines()
                .filter(line -> line.startsWith("-A SLUICE_INBOUND") || line.startsWith("-A SLUICE_OUTPUT"))
                .filter(line -> line.contains("REDIRECT"))
                .toList();
        assertEquals(List.of(), leading);
    }

    /** A rule of the one family in the tables of the other would make the kernel refuse all of them. */
    @Test
    void rangesOfAFamilyStayInIt() {
        Interception selected = Interceptions.selected(Mode.REDIRECT);
        String four = Interceptor.print(selected, List.of(Family.IPV4), false);
        String six = Interceptor.print(selected, List.of(Family.IPV6), false);
        assertTrue(four.contains("-d 10.0.0.0/8") && !four.contains("fd00"), four);
        assertTrue(six.contains("-d fd00::/8") && !six.contains("10."), six);
    }

    /** Loopback is left alone, unless some of it is asked for: nothing else could ask for that. */
    @Test
    void whatGoesByLoopbackCountsOnceARangeOfItIsIncluded() {
        String alone = "-A SLUICE_OUTPUT -o lo -j RETURN";
        assertTrue(leadingTo("*").contains(alone));
        assertTrue(leadingTo("10.0.0.0/8").contains(alone));
        String some = leadingTo("10.0.0.0/8,127.1.0.0/16");
        assertFalse(some.contains(alone), some);
        assertTrue(some.contains("-A SLUICE_OUTPUT -d 127.0.0.1/32 -j RETURN"), some);
        assertTrue(some.contains("-A SLUICE_OUTPUT -d 127.1.0.0/16 -g SLUICE_REDIRECT"), some);
    }

    @Test
    void dnsIsLeftAloneWherePort53Is() {
        Interception selected = Interceptions.selected(Mode.REDIRECT);
        Interception without = new Interception(
                selected.mode(),
                selected.proxy(),
                selected.inbound(),
                new Interception.Outbound(Selection.ranges("*"), List.of(), Selection.ports(""), List.of(53)),
                selected.interfaces(),
                selected.tproxy(),
                selected.dnsPort());
        String rules = Interceptor.print(without, List.of(Family.IPV4), false);
        List<String> dns = rules.lines()
                .filter(line -> (line.startsWith("-A SLUICE_DNS ") && !line.contains("-o "))
                        || (line.startsWith("-A SLUICE_OUTPUT") && line.contains("--dport 53")))
                .toList();
        assertEquals("-A SLUICE_OUTPUT -p tcp -m tcp --dport 53 -j RETURN", dns.get(0));
        assertTrue(dns.get(1).endsWith("-j REDIRECT --to-ports 15053"), rules);
        assertEquals("-A SLUICE_DNS -j RETURN", dns.get(2));
    }

    private static String leadingTo(String ranges) {
        Interception all = Interceptions.everything(Mode.REDIRECT);
        Interception some = new Interception(
                all.mode(),
                all.proxy(),
                all.inbound(),
                new Interception.Outbound(Selection.ranges(ranges), List.of(), Selection.ports(""), List.of()),
                all.interfaces(),
                all.tproxy(),
                all.dnsPort());
        return Interceptor.print(some, List.of(Family.IPV4), false);
    }

    private static Interception interception(String what, Mode mode) {
        return what.equals("everything") ? Interceptions.everything(mode) : Interceptions.selected(mode);
    }

    private static String golden(String name) throws IOException {
        try (InputStream file = RulesTest.class.getResourceAsStream("/intercept/" + name)) {
            assertTrue(file != null, name + " is missing");
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
