package dev.sluice.proxy.intercept.rule;

/**
 * What a rule does with a packet, in both languages.
 *
 * @param iptables for iptables-restore
 * @param nft for nft -f
 */
public record Verdict(String iptables, String nft) {
    /** Back to the chain that jumped here; from a chain entered by {@link #goTo}, to the one before that. */
    static final Verdict RETURN = new Verdict("-j RETURN", "return");

    static final Verdict ACCEPT = new Verdict("-j ACCEPT", "accept");

    static final Verdict SAVE_MARK =
            new Verdict("-j CONNMARK --save-mark --nfmask 0xffffffff --ctmask 0xffffffff", "ct mark set meta mark");

    static final Verdict RESTORE_MARK =
            new Verdict("-j CONNMARK --restore-mark --nfmask 0xffffffff --ctmask 0xffffffff", "meta mark set ct mark");

    static Verdict jump(String chain) {
        return new Verdict("-j " + chain, "jump " + chain);
    }

    static Verdict goTo(String chain) {
        return new Verdict("-g " + chain, "goto " + chain);
    }

    /** The rule must match one protocol. */
    static Verdict redirect(int port) {
        return new Verdict("-j REDIRECT --to-ports " + port, "redirect to :" + port);
    }

    /** The rule must match one protocol. */
    static Verdict tproxy(Family family, int port, int mark) {
        return new Verdict(
                "-j TPROXY --on-port " + port + " --on-ip " + family.any() + " --tproxy-mark " + Match.hex(mark)
                        + "/0xffffffff",
                "meta mark set " + Match.hex(mark) + " tproxy to :" + port + " accept");
    }

    static Verdict mark(int mark) {
        return new Verdict(
                "-j MARK --set-xmark " + Match.hex(mark) + "/0xffffffff", "meta mark set " + Match.hex(mark));
    }

    /** Connections of one zone are kept apart from those of others, though ports and addresses be the same. */
    static Verdict zone(int zone) {
        return new Verdict("-j CT --zone " + zone, "ct zone set " + zone);
    }
}
