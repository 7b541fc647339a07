package dev.sluice.proxy.intercept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.intercept.rule.Family;
import dev.sluice.proxy.intercept.rule.Interception;
import dev.sluice.proxy.intercept.rule.Interception.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is asked of the tools, in which order, and what is left when one of them fails. */
class InterceptorTest {
    private static final String[] LEGACY = {
        "iptables",
        "iptables-legacy-save",
        "iptables-legacy-restore",
        "ip6tables-legacy-save",
        "ip6tables-legacy-restore"
    };
    private static final List<Family> BOTH = List.of(Family.values());

    @TempDir
    private Path folder;

    private Path root;

    @BeforeEach
    void root() throws IOException {
        root = Files.writeString(folder.resolve("status"), "Name:\tjava\nCapEff:\t000001ffffffffff\n");
    }

    private Interceptor interceptor(Commands commands) {
        return new Interceptor(commands, root);
    }

    @Test
    void withoutPrivilegeNothingIsStarted() throws IOException {
        FakeCommands commands = new FakeCommands(LEGACY);
        // All capabilities but CAP_NET_ADMIN.
        Path status = Files.writeString(folder.resolve("plain"), "CapEff:\t000001ffffffefff\n");
        Interceptor plain = new Interceptor(commands, status);
        InterceptionException refused = assertThrows(
                InterceptionException.class,
                () -> plain.apply(Interceptions.everything(Mode.REDIRECT), BOTH, BackendChoice.AUTO));
        assertTrue(refused.getMessage().contains("CAP_NET_ADMIN"), refused.getMessage());
        assertThrows(InterceptionException.class, () -> plain.clean(Interceptions.TPROXY));
        assertEquals(List.of(), commands.changes);
    }

    @Test
    void aMissingToolIsNamed() {
        for (BackendChoice choice : BackendChoice.values()) {
            InterceptionException refused =
                    assertThrows(InterceptionException.class, () -> interceptor(new FakeCommands())
                            .apply(Interceptions.everything(Mode.REDIRECT), BOTH, choice));
            assertTrue(refused.getMessage().contains("is missing here"), refused.getMessage());
        }
    }

    @Test
    void withoutTheToolsOfAFamilyNothingOfTheOtherIsInstalled() {
        FakeCommands commands = new FakeCommands("iptables-nft-save", "iptables-nft-restore");
        InterceptionException refused = assertThrows(InterceptionException.class, () -> interceptor(commands)
                .apply(Interceptions.everything(Mode.REDIRECT), BOTH, BackendChoice.IPTABLES_NFT));
        assertTrue(refused.getMessage().contains("ip6tables-nft-restore"), refused.getMessage());
        assertEquals(List.of(), commands.changes);
    }

    @Test
    void whatTheFirstFamilyGotIsTakenBackWhenTheSecondFails() {
        FakeCommands commands = new FakeCommands(LEGACY);
        commands.tables.put("iptables-legacy", "*nat\n:SLUICE_OLD - [0:0]\n-A OUTPUT -j SLUICE_OLD\nCOMMIT\n");
        commands.failing.put("ip6tables-legacy-restore", 1);
        InterceptionException refused = assertThrows(InterceptionException.class, () -> interceptor(commands)
                .apply(Interceptions.everything(Mode.REDIRECT), BOTH, BackendChoice.IPTABLES));
        assertEquals("ip6tables-legacy-restore: line 3 failed", refused.getMessage());
        // The new rules, the family that fails, and the old rules again.
        assertEquals(3, commands.changes.size(), commands.changes.toString());
        String last = commands.changes.get(2);
        assertTrue(last.startsWith("iptables-legacy-restore"), last);
        assertTrue(last.contains(":SLUICE_OLD") && last.contains("-A OUTPUT -j SLUICE_OLD"), last);
    }

    @Test
    void whatCannotBeTakenBackIsSaid() {
        FakeCommands commands = new FakeCommands(LEGACY);
        commands.tables.put("iptables-legacy", "*nat\n:SLUICE_OLD - [0:0]\nCOMMIT\n");
        commands.failing.put("iptables-legacy-restore", 2);
        InterceptionException refused = assertThrows(InterceptionException.class, () -> interceptor(commands)
                .apply(Interceptions.everything(Mode.REDIRECT), BOTH, BackendChoice.IPTABLES));
        assertTrue(refused.getMessage().contains("could not be taken back"), refused.getMessage());
    }

    /** Else packets would meet both variants, in an order nobody has thought about. */
    @Test
    void theVariantThatHoldsRulesIsTaken() throws InterceptionException {
        FakeCommands commands = new FakeCommands(
                "iptables",
                "iptables-legacy-save",
                "iptables-legacy-restore",
                "iptables-nft-save",
                "iptables-nft-restore");
        Interception everything = Interceptions.everything(Mode.REDIRECT);
        List<Family> four = List.of(Family.IPV4);
        assertEquals("iptables-legacy", interceptor(commands).apply(everything, four, BackendChoice.AUTO));
        commands.tables.put("iptables-nft", "*filter\n-A FORWARD -j CNI-FORWARD\nCOMMIT\n");
        assertEquals("iptables-nft", interceptor(commands).apply(everything, four, BackendChoice.AUTO));
        assertEquals("iptables-legacy", interceptor(commands).apply(everything, four, BackendChoice.IPTABLES_LEGACY));
    }

    @Test
    void withNftAloneNftIsTaken() throws InterceptionException {
        Interceptor interceptor = interceptor(new FakeCommands("nft"));
        assertEquals("nft", interceptor.apply(Interceptions.everything(Mode.REDIRECT), BOTH, BackendChoice.AUTO));
    }

    @Test
    void cleaningTouchesOnlyWhatIsOurs() throws InterceptionException {
        FakeCommands commands = new FakeCommands(LEGACY);
        commands.tables.put(
                "iptables-legacy",
                """
                *nat
                :PREROUTING ACCEPT [0:0]
                :SLUICE_INBOUND - [0:0]
                :DOCKER - [0:0]
                -A PREROUTING -p tcp -j SLUICE_INBOUND
                -A PREROUTING -m comment --comment "not -j SLUICE_INBOUND" -j DOCKER
                -A SLUICE_INBOUND -j RETURN
                -A DOCKER -j RETURN
                COMMIT
                *filter
                -A FORWARD -j ACCEPT
                COMMIT
                """);
        assertTrue(interceptor(commands).clean(Interceptions.TPROXY));
        assertEquals(
                List.of(
                        """
                        iptables-legacy-restore --noflush --wait 30
                        *nat
                        :SLUICE_INBOUND - [0:0]
                        -D PREROUTING -p tcp -j SLUICE_INBOUND
                        -X SLUICE_INBOUND
                        COMMIT
                        """),
                commands.changes);
    }

    @Test
    void whereNothingOfOursIsCleaningChangesNothing() throws InterceptionException {
        FakeCommands commands = new FakeCommands(LEGACY);
        commands.tables.put("iptables-legacy", "*nat\n-A PREROUTING -j DOCKER\nCOMMIT\n");
        assertFalse(interceptor(commands).clean(Interceptions.TPROXY));
        assertEquals(List.of(), commands.changes);
    }
}
