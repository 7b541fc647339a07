package dev.sluice.proxy.intercept.rule;

/**
 * One condition of a rule in both languages. Where both print what was given them, the words are those that they print
 * (iptables-save, nft list), so that what is installed can be compared with what was asked for.
 *
 * @param iptables for iptables-restore
 * @param nft for nft -f
 */
public record Match(String iptables, String nft) {
    static Match tcp() {
        return new Match("-p tcp", "meta l4proto tcp");
    }

    static Match tcpTo(int port) {
        return new Match("-p tcp -m tcp --dport " + port, "tcp dport " + port);
    }

    static Match udp() {
        return new Match("-p udp", "meta l4proto udp");
    }

    static Match udpTo(int port) {
        return new Match("-p udp -m udp --dport " + port, "udp dport " + port);
    }

    static Match udpFrom(int port) {
        return new Match("-p udp -m udp --sport " + port, "udp sport " + port);
    }

    static Match from(Family family, IpRange range) {
        return new Match("-s " + range, family.nft() + " saddr " + range);
    }

    static Match to(Family family, IpRange range) {
        return new Match("-d " + range, family.nft() + " daddr " + range);
    }

    static Match notTo(Family family, IpRange range) {
        return new Match("! -d " + range, family.nft() + " daddr != " + range);
    }

    static Match in(String networkInterface) {
        return new Match("-i " + networkInterface, "iifname " + quoted(networkInterface));
    }

    static Match out(String networkInterface) {
        return new Match("-o " + networkInterface, "oifname " + quoted(networkInterface));
    }

    /** The user of the socket that sends. */
    static Match user(int id) {
        return new Match("-m owner --uid-owner " + id, "meta skuid " + id);
    }

    /** The group of the socket that sends. */
    static Match group(int id) {
        return new Match("-m owner --gid-owner " + id, "meta skgid " + id);
    }

    static Match mark(int mark) {
        return new Match("-m mark --mark " + hex(mark), "meta mark " + hex(mark));
    }

    static Match notMark(int mark) {
        return new Match("-m mark ! --mark " + hex(mark), "meta mark != " + hex(mark));
    }

    static Match connectionMark(int mark) {
        return new Match("-m connmark --mark " + hex(mark), "ct mark " + hex(mark));
    }

    static Match established() {
        return new Match("-m conntrack --ctstate RELATED,ESTABLISHED", "ct state established,related");
    }

    /** As both print it. */
    public static String hex(int mark) {
        return "0x" + Integer.toHexString(mark);
    }

    /** iptables says {@code eth+} for what nft says {@code "eth*"}. */
    private static String quoted(String networkInterface) {
        return networkInterface.endsWith("+")
                ? "\"" + networkInterface.substring(0, networkInterface.length() - 1) + "*\""
                : "\"" + networkInterface + "\"";
    }
}
