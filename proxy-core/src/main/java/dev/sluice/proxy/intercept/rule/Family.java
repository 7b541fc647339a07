package dev.sluice.proxy.intercept.rule;

/** The two protocols that rules are written for; each has tables of its own in the kernel. */
public enum Family {
    IPV4("ip", "iptables", "127.0.0.1/32", "127.0.0.6/32", "0.0.0.0", 4),
    IPV6("ip6", "ip6tables", "::1/128", "::6/128", "::", 6);

    private final String nft;
    private final String iptables;
    private final String loopback;
    private final String towardsApp;
    private final String any;
    private final int version;

    Family(String nft, String iptables, String loopback, String towardsApp, String any, int version) {
        this.nft = nft;
        this.iptables = iptables;
        this.loopback = loopback;
        this.towardsApp = towardsApp;
        this.any = any;
        this.version = version;
    }

    /** {@code ip} or {@code ip6}: a family and its address keyword in nft's language. */
    public String nft() {
        return nft;
    }

    /** {@code iptables} or {@code ip6tables}: how the names of its tools begin. */
    public String iptables() {
        return iptables;
    }

    /** The address on which an app talks to itself; never intercepted. */
    IpRange loopback() {
        return IpRange.parse(loopback);
    }

    /** The source address of the proxy's connections to its app, as Istio's; what comes from it is not intercepted again. */
    IpRange towardsApp() {
        return IpRange.parse(towardsApp);
    }

    /** The unspecified address. */
    String any() {
        return any;
    }

    /** 4 or 6, as {@code ip -4} takes it. */
    public int version() {
        return version;
    }

    @Override
    public String toString() {
        return "IPv" + version;
    }
}
