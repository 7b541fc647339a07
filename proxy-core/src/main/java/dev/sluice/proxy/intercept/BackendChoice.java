package dev.sluice.proxy.intercept;

import dev.sluice.proxy.intercept.rule.Family;
import java.util.ArrayList;
import java.util.List;

/** Which tools are used. */
public enum BackendChoice {
    /** iptables in the variant that this host uses, else nft. */
    AUTO,
    /** iptables in the variant that this host uses. */
    IPTABLES,
    /** iptables over x_tables. */
    IPTABLES_LEGACY,
    /** iptables over nf_tables. */
    IPTABLES_NFT,
    /** nft, with tables of our own. */
    NFT;

    private static final List<String> VARIANTS = List.of("-nft", "-legacy");

    /** The backend that is meant; {@link InterceptionException} when its tools are missing. */
    Backend find(Commands commands) throws InterceptionException {
        return switch (this) {
            case NFT -> nft(commands);
            case IPTABLES_LEGACY -> iptables(commands, "-legacy");
            case IPTABLES_NFT -> iptables(commands, "-nft");
            case IPTABLES -> detected(commands);
            case AUTO ->
                !commands.has("iptables-restore") && commands.has(NftBackend.TOOL) ? nft(commands) : detected(commands);
        };
    }

    /** Every backend that works here: what may hold rules of ours. */
    static List<Backend> usable(Commands commands) throws InterceptionException {
        List<Backend> backends = new ArrayList<>(variants(commands));
        if (backends.isEmpty()) {
            addUsable(new IptablesBackend(commands, ""), backends);
        }
        addUsable(new NftBackend(commands), backends);
        return backends;
    }

    private static List<IptablesBackend> variants(Commands commands) throws InterceptionException {
        List<IptablesBackend> variants = new ArrayList<>();
        for (String variant : VARIANTS) {
            addUsable(new IptablesBackend(commands, variant), variants);
        }
        return variants;
    }

    private static <B extends Backend> void addUsable(B backend, List<? super B> backends)
            throws InterceptionException {
        if (backend.usable()) {
            backends.add(backend);
        }
    }

    /**
     * The variant whose tables hold rules already: a host that uses both meets packets twice, in an order nobody has thought
     * about. Where neither or both do, the one that plain {@code iptables} stands for.
     */
    private static Backend detected(Commands commands) throws InterceptionException {
        List<IptablesBackend> usable = variants(commands);
        if (usable.isEmpty()) {
            return iptables(commands, "");
        }
        List<IptablesBackend> used = new ArrayList<>();
        for (IptablesBackend variant : usable) {
            if (OwnedRules.anyRule(variant.saved(Family.IPV4))) {
                used.add(variant);
            }
        }
        if (used.size() == 1) {
            return used.get(0);
        }
        String usual = commands.has("iptables")
                        && commands.run(List.of("iptables", "--version"), "")
                                .output()
                                .contains("(legacy)")
                ? "iptables-legacy"
                : "iptables-nft";
        for (IptablesBackend backend : usable) {
            if (backend.name().equals(usual)) {
                return backend;
            }
        }
        return usable.get(0);
    }

    private static Backend iptables(Commands commands, String variant) throws InterceptionException {
        String tool = "iptables" + variant + "-restore";
        if (!commands.has(tool)) {
            throw new InterceptionException(tool + " is missing here: install iptables, or take --backend nft");
        }
        return new IptablesBackend(commands, variant);
    }

    private static Backend nft(Commands commands) throws InterceptionException {
        if (!commands.has(NftBackend.TOOL)) {
            throw new InterceptionException("nft is missing here: install nftables, or take --backend iptables");
        }
        return new NftBackend(commands);
    }
}
