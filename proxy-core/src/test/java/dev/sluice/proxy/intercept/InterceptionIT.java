package dev.sluice.proxy.intercept;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.proxy.e2e.fixture.TestJvm;
import dev.sluice.proxy.intercept.rule.Family;
import dev.sluice.proxy.intercept.rule.Interception;
import dev.sluice.proxy.intercept.rule.Interception.Mode;
import dev.sluice.proxy.intercept.rule.Rulebook;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The rules in the kernel: an app's namespace, the world's beside it, and who takes which connection. */
class InterceptionIT {
    private static final List<Family> BOTH = List.of(Family.values());
    private static final int APP = 2000;
    private static final int PROXY = 1337;

    private NetworkNamespace app;
    private NetworkNamespace world;

    @BeforeEach
    void namespaces() throws IOException, InterruptedException {
        NetworkNamespace.need("iptables-legacy", "iptables-nft", "ip6tables-legacy", "ip6tables-nft", "nft");
        app = NetworkNamespace.make();
        world = NetworkNamespace.make();
        NetworkNamespace.connect(app, world);
        app.address("10.231.0.1/24");
        app.address("fd00:231::1/64");
        world.address("10.231.0.2/24");
        world.address("fd00:231::2/64");
    }

    @AfterEach
    void remove() throws IOException, InterruptedException {
        try {
            if (app != null) {
                app.remove();
            }
        } finally {
            if (world != null) {
                world.remove();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = BackendChoice.class,
            names = {"IPTABLES_LEGACY", "IPTABLES_NFT", "NFT"})
    void connectionsOfTheAppGoToTheProxyAndItsOwnDoNot(BackendChoice backend) throws Exception {
        listen(app, "app", "15001", "15006", "15020", "9000");
        listen(world, "world", "9000");
        assertEquals("world 9000 from 10.231.0.1", connect(app, APP, "10.231.0.2", 9000));

        new Interceptor(app.commands()).apply(Interceptions.everything(Mode.REDIRECT), BOTH, backend);
        assertEquals("app 15001 from 10.231.0.1", connect(app, APP, "10.231.0.2", 9000));
        assertEquals("app 15001 from fd00:231:0:0:0:0:0:1", connect(app, APP, "fd00:231::2", 9000));
        assertEquals("world 9000 from 10.231.0.1", connect(app, PROXY, "10.231.0.2", 9000));
        assertEquals("app 9000 from 127.0.0.1", connect(app, APP, "127.0.0.1", 9000));
        assertEquals("app 9000 from 127.0.0.1", connect(app, PROXY, "127.0.0.1", 9000));
        assertEquals("app 15006 from 10.231.0.1", connect(app, PROXY, "10.231.0.1", 9000));
        assertEquals("app 15006 from 10.231.0.2", connect(world, APP, "10.231.0.1", 9000));
        assertEquals("app 15006 from fd00:231:0:0:0:0:0:2", connect(world, APP, "fd00:231::1", 9000));
        assertEquals("app 15020 from 10.231.0.2", connect(world, APP, "10.231.0.1", 15020));

        assertTrue(new Interceptor(app.commands()).clean(Interceptions.TPROXY));
        assertEquals("world 9000 from 10.231.0.1", connect(app, APP, "10.231.0.2", 9000));
        assertEquals("app 9000 from fd00:231:0:0:0:0:0:2", connect(world, APP, "fd00:231::1", 9000));
    }

    @ParameterizedTest
    @EnumSource(
            value = BackendChoice.class,
            names = {"IPTABLES_LEGACY", "IPTABLES_NFT", "NFT"})
    void aTransparentProxySeesWhoConnectsAndWhereTo(BackendChoice backend) throws Exception {
        listen(app, "app", "15001", "15006t", "15020", "9000");
        listen(world, "world", "9000");
        new Interceptor(app.commands()).apply(Interceptions.everything(Mode.TPROXY), BOTH, backend);
        assertEquals("app 15006 from 10.231.0.2", connect(world, APP, "10.231.0.1", 9000));
        assertEquals("app 15006 from fd00:231:0:0:0:0:0:2", connect(world, APP, "fd00:231::1", 9000));
        assertEquals("app 15020 from 10.231.0.2", connect(world, APP, "10.231.0.1", 15020));
        assertEquals("app 15001 from 10.231.0.1", connect(app, APP, "10.231.0.2", 9000));
        assertEquals("world 9000 from 10.231.0.1", connect(app, PROXY, "10.231.0.2", 9000));
        assertEquals("app 15006 from 10.231.0.1", connect(app, PROXY, "10.231.0.1", 9000));
        assertEquals("app 9000 from 10.231.0.1", connect(app, APP, "10.231.0.1", 9000));

        assertTrue(new Interceptor(app.commands()).clean(Interceptions.TPROXY));
        assertEquals("app 9000 from 10.231.0.2", connect(world, APP, "10.231.0.1", 9000));
    }

    @ParameterizedTest
    @EnumSource(
            value = BackendChoice.class,
            names = {"IPTABLES_LEGACY", "IPTABLES_NFT", "NFT"})
    void applyingTwiceIsApplyingOnceAndCleaningLeavesNoTrace(BackendChoice backend) throws Exception {
        // Somebody else's, in the same tables.
        for (String tool : List.of("iptables-legacy", "iptables-nft", "ip6tables-legacy", "ip6tables-nft")) {
            for (String table : List.of("nat", "mangle", "raw")) {
                app.runs(tool, "-t", table, "-N", "OTHERS");
                app.runs(tool, "-t", table, "-A", "OTHERS", "-j", "RETURN");
                app.runs(tool, "-t", table, "-A", "OUTPUT", "-p", "tcp", "-j", "OTHERS");
            }
        }
        Interceptor interceptor = new Interceptor(app.commands());
        String before = state();
        assertFalse(interceptor.clean(Interceptions.TPROXY));
        assertEquals(before, state());
        for (Mode mode : Mode.values()) {
            Interception selected = Interceptions.selected(mode);
            assertEquals(backend, chosen(interceptor.apply(selected, BOTH, backend)));
            String once = state();
            assertNotEquals(before, once);
            interceptor.apply(selected, BOTH, backend);
            assertEquals(once, state());
        }
        assertTrue(interceptor.clean(Interceptions.TPROXY));
        assertEquals(before, state());
        assertFalse(interceptor.clean(Interceptions.TPROXY));
    }

    /** Both at once would send packets through two sets of rules. */
    @Test
    void aBackendTakesTheOthersPlace() throws Exception {
        Interceptor interceptor = new Interceptor(app.commands());
        Interception everything = Interceptions.everything(Mode.REDIRECT);
        interceptor.apply(everything, BOTH, BackendChoice.IPTABLES_LEGACY);
        interceptor.apply(everything, BOTH, BackendChoice.NFT);
        assertFalse(app.runs("iptables-legacy-save").contains("SLUICE"));
        assertTrue(app.runs("nft", "list", "tables").contains("ip6 sluice"));
        interceptor.apply(everything, List.of(Family.IPV4), BackendChoice.IPTABLES_NFT);
        assertFalse(app.runs("nft", "list", "tables").contains("sluice"));
        assertTrue(app.runs("iptables-nft-save").contains("SLUICE_INBOUND"));
        assertFalse(app.runs("ip6tables-nft-save").contains("SLUICE"));
    }

    /** What iptables prints is what it was given: nothing of it is implied, lost or changed on the way. */
    @ParameterizedTest
    @EnumSource(Mode.class)
    void whatIsInstalledIsWhatIsPrinted(Mode mode) throws Exception {
        Interception selected = Interceptions.selected(mode);
        new Interceptor(app.commands()).apply(selected, BOTH, BackendChoice.IPTABLES_LEGACY);
        for (Family family : BOTH) {
            assertEquals(
                    IptablesText.owned(Rulebook.write(selected, family)).get("nat").rules().stream()
                            .sorted()
                            .toList(),
                    OwnedRules.in(app.runs(family.iptables() + "-legacy-save")).get("nat").rules().stream()
                            .sorted()
                            .toList());
        }
    }

    @Test
    void rulesThatTheKernelRefusesLeaveWhatWasThere() throws Exception {
        Interceptor interceptor = new Interceptor(app.commands());
        interceptor.apply(Interceptions.everything(Mode.REDIRECT), BOTH, BackendChoice.IPTABLES_NFT);
        String before = state();
        // The last table of the second family leads to a chain that there is not.
        Commands broken = new Commands() {
            @Override
            public boolean has(String program) {
                return app.commands().has(program);
            }

            @Override
            public Outcome run(List<String> command, String input) throws InterceptionException {
                boolean breaks = command.get(0).equals("ip6tables-nft-restore") && input.contains("25001");
                return app.commands().run(command, breaks ? input.replace("-j SLUICE_OUTPUT", "-j NOWHERE") : input);
            }
        };
        InterceptionException refused = assertThrows(InterceptionException.class, () -> new Interceptor(broken)
                .apply(Interceptions.selected(Mode.TPROXY), BOTH, BackendChoice.IPTABLES_NFT));
        assertTrue(refused.getMessage().contains("NOWHERE"), refused.getMessage());
        assertEquals(before, state());
    }

    private static BackendChoice chosen(String name) {
        return BackendChoice.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    /** Everything that the kernel holds, without what changes by itself and what is there from the start. */
    private String state() throws IOException, InterruptedException {
        List<String> state = new ArrayList<>();
        for (String tool : List.of("iptables-legacy", "iptables-nft", "ip6tables-legacy", "ip6tables-nft")) {
            app.runs(tool + "-save")
                    .lines()
                    .filter(line -> line.startsWith("-A") || line.contains(" - ["))
                    .map(line -> tool + " " + line.split(" \\[", 2)[0])
                    .sorted()
                    .forEach(state::add);
        }
        app.runs("nft", "list", "tables")
                .lines()
                .filter(line -> line.contains("sluice"))
                .forEach(state::add);
        if (state.stream().anyMatch(line -> line.contains("sluice"))) {
            state.add(app.runs("nft", "list", "table", "ip", "sluice"));
        }
        state.add(app.runs("ip", "rule", "show"));
        state.add(app.runs("ip", "-6", "rule", "show"));
        return String.join("\n", state);
    }

    private static void listen(NetworkNamespace where, String name, String... ports) throws IOException {
        List<String> command = TestJvm.command(PortTeller.class, name);
        command.addAll(List.of(ports));
        BufferedReader out = where.start(command).inputReader(StandardCharsets.UTF_8);
        assertEquals("listening", out.readLine());
    }

    /** What who answers says; bash is the client, for it is everywhere. */
    private static String connect(NetworkNamespace from, int user, String host, int port)
            throws IOException, InterruptedException {
        NetworkNamespace.Ended ended =
                from.as(user, "timeout", "20", "bash", "-c", "exec cat </dev/tcp/" + host + "/" + port);
        return ended.output();
    }
}
