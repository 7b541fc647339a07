package dev.sluice.proxy.intercept;

import dev.sluice.proxy.intercept.rule.Family;
import dev.sluice.proxy.intercept.rule.Interception;
import dev.sluice.proxy.intercept.rule.Interception.Mode;
import dev.sluice.proxy.intercept.rule.RuleSet;
import dev.sluice.proxy.intercept.rule.Rulebook;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Prints, installs and removes rules in the network namespace that this process is in. */
public final class Interceptor {
    /** The bit of CAP_NET_ADMIN. */
    private static final int NET_ADMIN = 12;

    private final Commands commands;
    private final Path processStatus;

    /** With the tools of {@code commands} and the privileges of this process. */
    public Interceptor(Commands commands) {
        this(commands, Path.of("/proc/self/status"));
    }

    Interceptor(Commands commands, Path processStatus) {
        this.commands = commands;
        this.processStatus = processStatus;
    }

    /** The rules as text, the same on every host; nothing is asked or changed. */
    public static String print(Interception interception, List<Family> families, boolean nft) {
        StringBuilder text = new StringBuilder();
        for (Family family : families) {
            if (!text.isEmpty()) {
                text.append('\n');
            }
            RuleSet set = Rulebook.write(interception, family);
            text.append("# ").append(family).append(": ");
            text.append(nft ? "nft -f -" : family.iptables() + "-restore --noflush")
                    .append('\n');
            if (interception.mode() == Mode.TPROXY) {
                PolicyRouting.lines(family, interception.tproxy())
                        .forEach(line -> text.append("# ").append(line).append('\n'));
            }
            text.append(nft ? NftText.replacing(set) : IptablesText.fresh(set));
        }
        return text.toString();
    }

    /**
     * Installs the rules in place of whatever of ours is there, in all backends: all of it or nothing.
     *
     * @return the backend that took them
     */
    public String apply(Interception interception, List<Family> families, BackendChoice choice)
            throws InterceptionException {
        needPrivilege();
        Backend backend = choice.find(commands);
        PolicyRouting routing = new PolicyRouting(commands, interception.tproxy());
        List<RuleSet> sets = families.stream()
                .map(family -> Rulebook.write(interception, family))
                .toList();
        Undo undo = new Undo();
        try {
            if (interception.mode() == Mode.TPROXY) {
                routing.apply(families, undo);
            }
            backend.apply(sets, undo);
        } catch (InterceptionException e) {
            throw undo.after(e);
        }
        for (Backend other : BackendChoice.usable(commands)) {
            if (!other.name().equals(backend.name())) {
                other.clean();
            }
        }
        if (interception.mode() != Mode.TPROXY) {
            routing.clean();
        }
        return backend.name();
    }

    /**
     * Removes every rule, chain, table and route of ours, whichever backend made it.
     *
     * @param tproxy mark and table that it was made with
     * @return whether there was any
     */
    public boolean clean(Interception.Tproxy tproxy) throws InterceptionException {
        needPrivilege();
        List<Backend> backends = BackendChoice.usable(commands);
        if (backends.isEmpty()) {
            throw new InterceptionException("neither iptables-save nor nft works here: nothing can be looked at");
        }
        boolean any = false;
        for (Backend backend : backends) {
            any |= backend.clean();
        }
        any |= new PolicyRouting(commands, tproxy).clean();
        return any;
    }

    /** Whether the kernel has IPv6 at all; where it has, traffic that the rules leave out goes by the proxy. */
    public static List<Family> familiesOfThisHost() {
        return Files.exists(Path.of("/proc/net/if_inet6")) ? List.of(Family.values()) : List.of(Family.IPV4);
    }

    private void needPrivilege() throws InterceptionException {
        String capabilities;
        try (var lines = Files.lines(processStatus)) {
            capabilities = lines.filter(line -> line.startsWith("CapEff:"))
                    .map(line -> line.substring("CapEff:".length()).trim())
                    .findFirst()
                    .orElse("0");
        } catch (IOException e) {
            throw new InterceptionException(
                    "rules of interception are Linux' own: " + processStatus + " is missing", e);
        }
        if ((Long.parseUnsignedLong(capabilities, 16) >>> NET_ADMIN & 1) == 0) {
            throw new InterceptionException("changing rules needs CAP_NET_ADMIN: run it as root, or with "
                    + "that capability; `sluice iptables print` needs none");
        }
    }
}
