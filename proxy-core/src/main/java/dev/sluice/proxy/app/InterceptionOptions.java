package dev.sluice.proxy.app;

import dev.sluice.proxy.app.options.ExitCodes;
import dev.sluice.proxy.app.options.UserError;
import dev.sluice.proxy.intercept.BackendChoice;
import dev.sluice.proxy.intercept.rule.Family;
import dev.sluice.proxy.intercept.rule.Interception;
import dev.sluice.proxy.intercept.rule.Selection;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** What {@code sluice iptables} takes. The short names are those of istio-iptables. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class InterceptionOptions {
    @Option(
            names = {"-m", "--mode"},
            paramLabel = "REDIRECT|TPROXY",
            defaultValue = "REDIRECT",
            description = "How inbound connections reach the proxy (default: ${DEFAULT-VALUE}).")
    private Interception.Mode mode;

    @Option(
            names = {"-p", "--outbound-port"},
            paramLabel = "PORT",
            defaultValue = "15001",
            description = "Where what the app opens goes (default: ${DEFAULT-VALUE}).")
    private String outboundPort;

    @Option(
            names = {"-z", "--inbound-port"},
            paramLabel = "PORT",
            defaultValue = "15006",
            description = "Where what comes in goes (default: ${DEFAULT-VALUE}).")
    private String inboundPort;

    @Option(
            names = {"-u", "--uid"},
            paramLabel = "ID,…",
            defaultValue = "1337",
            description = "Users whose own traffic is left alone (default: ${DEFAULT-VALUE}).")
    private String users;

    @Option(
            names = {"-g", "--gid"},
            paramLabel = "ID,…",
            defaultValue = "1337",
            description = "Groups whose own traffic is left alone (default: ${DEFAULT-VALUE}).")
    private String groups;

    @Option(
            names = {"-b", "--include-inbound-ports"},
            paramLabel = "*|PORT,…",
            defaultValue = "*",
            description = "Ports of the app that are intercepted; empty: none (default: ${DEFAULT-VALUE}).")
    private String includeInboundPorts;

    @Option(
            names = {"-d", "--exclude-inbound-ports"},
            paramLabel = "PORT,…",
            defaultValue = "",
            description = "Ports that come to the app directly.")
    private String excludeInboundPorts;

    @Option(
            names = "--status-ports",
            paramLabel = "PORT,…",
            defaultValue = "15020,15021,15090",
            description = "The proxy's own ports, never intercepted (default: ${DEFAULT-VALUE}).")
    private String statusPorts;

    @Option(
            names = {"-i", "--include-ip-ranges"},
            paramLabel = "*|RANGE,…",
            defaultValue = "*",
            description = "Destinations that are intercepted; empty: none (default: ${DEFAULT-VALUE}).")
    private String includeRanges;

    @Option(
            names = {"-x", "--exclude-ip-ranges"},
            paramLabel = "RANGE,…",
            defaultValue = "",
            description = "Destinations that are left alone.")
    private String excludeRanges;

    @Option(
            names = {"-q", "--include-outbound-ports"},
            paramLabel = "PORT,…",
            defaultValue = "",
            description = "Destination ports that are intercepted outside these ranges too.")
    private String includeOutboundPorts;

    @Option(
            names = {"-o", "--exclude-outbound-ports"},
            paramLabel = "PORT,…",
            defaultValue = "",
            description = "Destination ports that are left alone.")
    private String excludeOutboundPorts;

    @Option(
            names = {"-c", "--exclude-interfaces"},
            paramLabel = "NAME,…",
            defaultValue = "",
            description = "Interfaces whose traffic is left alone.")
    private String excludeInterfaces;

    @Option(
            names = {"-k", "--virtual-interfaces"},
            paramLabel = "NAME,…",
            defaultValue = "",
            description = "Interfaces of virtual machines: what comes in there counts as outbound.")
    private String virtualInterfaces;

    @Option(
            names = {"-t", "--tproxy-mark"},
            paramLabel = "MARK",
            defaultValue = "1337",
            description = "Mark of packets for the proxy, in TPROXY (default: ${DEFAULT-VALUE}).")
    private String mark;

    @Option(
            names = {"-r", "--tproxy-table"},
            paramLabel = "TABLE",
            defaultValue = "133",
            description = "Routing table of marked packets, in TPROXY (default: ${DEFAULT-VALUE}).")
    private String table;

    @Option(names = "--capture-dns", description = "Redirects DNS too; off unless given.")
    private boolean captureDns;

    @Option(
            names = "--dns-port",
            paramLabel = "PORT",
            defaultValue = "15053",
            description = "Where a resolver of yours listens, for --capture-dns (default: ${DEFAULT-VALUE}).")
    private String dnsPort;

    @Option(
            names = "--family",
            paramLabel = "auto|ipv4|ipv6|both",
            defaultValue = "auto",
            description = "Protocols; auto: those that this host has, and both in print (default: ${DEFAULT-VALUE}).")
    private String family;

    @Option(
            names = "--backend",
            paramLabel = "auto|iptables|iptables-legacy|iptables-nft|nft",
            defaultValue = "auto",
            description = "Tools; auto: iptables in the variant in use here, else nft (default: ${DEFAULT-VALUE}).")
    private String backend;

    Interception interception() throws UserError {
        return new Interception(
                mode,
                new Interception.Proxy(
                        port("--outbound-port", outboundPort),
                        port("--inbound-port", inboundPort),
                        parsed("--uid", users, Selection::idList),
                        parsed("--gid", groups, Selection::idList)),
                new Interception.Inbound(
                        parsed("--include-inbound-ports", includeInboundPorts, Selection::ports),
                        parsed("--exclude-inbound-ports", excludeInboundPorts, Selection::portList),
                        parsed("--status-ports", statusPorts, Selection::portList)),
                new Interception.Outbound(
                        parsed("--include-ip-ranges", includeRanges, Selection::ranges),
                        parsed("--exclude-ip-ranges", excludeRanges, Selection::rangeList),
                        parsed("--include-outbound-ports", includeOutboundPorts, Selection::ports),
                        parsed("--exclude-outbound-ports", excludeOutboundPorts, Selection::portList)),
                new Interception.Interfaces(
                        parsed("--exclude-interfaces", excludeInterfaces, Selection::interfaceList),
                        parsed("--virtual-interfaces", virtualInterfaces, Selection::interfaceList)),
                tproxy(),
                captureDns ? Integer.valueOf(port("--dns-port", dnsPort)) : null);
    }

    Interception.Tproxy tproxy() throws UserError {
        return new Interception.Tproxy(
                single("--tproxy-mark", mark, Integer.MAX_VALUE - 1),
                single("--tproxy-table", table, Integer.MAX_VALUE));
    }

    /** @param auto what {@code auto} stands for */
    List<Family> families(List<Family> auto) throws UserError {
        return switch (family.toLowerCase(Locale.ROOT)) {
            case "auto" -> auto;
            case "both" -> List.of(Family.values());
            case "ipv4" -> List.of(Family.IPV4);
            case "ipv6" -> List.of(Family.IPV6);
            default ->
                throw new UserError(ExitCodes.USAGE, "--family takes auto, ipv4, ipv6 or both, not '" + family + "'");
        };
    }

    BackendChoice backend() throws UserError {
        return switch (backend) {
            case "auto" -> BackendChoice.AUTO;
            case "iptables" -> BackendChoice.IPTABLES;
            case "iptables-legacy" -> BackendChoice.IPTABLES_LEGACY;
            case "iptables-nft" -> BackendChoice.IPTABLES_NFT;
            case "nft" -> BackendChoice.NFT;
            default ->
                throw new UserError(
                        ExitCodes.USAGE,
                        "--backend takes auto, iptables, iptables-legacy, iptables-nft or nft, not '" + backend + "'");
        };
    }

    private static int port(String option, String text) throws UserError {
        return single(option, text, 65535);
    }

    private static int single(String option, String text, int most) throws UserError {
        try {
            int number = Integer.decode(text.trim());
            if (number >= 1 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new UserError(ExitCodes.USAGE, option + ": '" + text + "' is no number");
        }
        throw new UserError(ExitCodes.USAGE, option + ": " + text + " is not one of 1 to " + most);
    }

    private static <T> T parsed(String option, String text, Function<String, T> reader) throws UserError {
        try {
            return reader.apply(text);
        } catch (IllegalArgumentException e) {
            throw new UserError(ExitCodes.USAGE, option + ": " + e.getMessage());
        }
    }
}
