package dev.sluice.proxy.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code sluice iptables}: its options, in both spellings, and what it refuses. */
class IptablesCommandTest {
    private static Said iptables(String... arguments) {
        List<String> line = new ArrayList<>(List.of("iptables"));
        line.addAll(List.of(arguments));
        return Said.by(line);
    }

    @Test
    void theShortNamesAreThoseOfIstioIptables() {
        Said istio = iptables(
                "print",
                "-p",
                "15001",
                "-z",
                "15006",
                "-u",
                "1337",
                "-m",
                "REDIRECT",
                "-i",
                "*",
                "-x",
                "",
                "-b",
                "*",
                "-d",
                "15090,15021,15020");
        assertEquals(0, istio.exit(), istio.err());
        Said sluice = iptables("print", "--exclude-inbound-ports", "15090,15021,15020");
        assertEquals(sluice.out(), istio.out());
        assertTrue(istio.out().contains("-A SLUICE_OUTPUT -m owner --uid-owner 1337 -g SLUICE_PROXY"), istio.out());
    }

    @Test
    void oneFamilyAlonePrintsWhatRestoreReads() {
        String six = iptables("print", "--family", "ipv6").out();
        assertTrue(six.startsWith("# IPv6: ip6tables-restore --noflush\n*nat\n"), six);
        assertEquals(1, six.lines().filter(line -> line.equals("COMMIT")).count());
    }

    @ParameterizedTest
    @CsvSource({
        "--include-inbound-ports,http",
        "--exclude-inbound-ports,*",
        "--include-ip-ranges,example.com",
        "--outbound-port,0",
        "--uid,root",
        "--family,ipv5",
        "--backend,pf",
        "--mode,SOCKS",
        "--exclude-interfaces,a b",
        "--tproxy-mark,x"
    })
    void whatMakesNoSenseIsUsage(String option, String value) {
        Said ended = iptables("print", option, value);
        assertEquals(2, ended.exit());
        assertTrue(ended.err().contains(option), ended.err());
        assertEquals("", ended.out());
    }

    @Test
    void withoutAVerbItSaysWhichThereAre() {
        Said ended = iptables();
        assertEquals(2, ended.exit());
        assertTrue(ended.err().contains("print, apply and clean"), ended.err());
    }
}
