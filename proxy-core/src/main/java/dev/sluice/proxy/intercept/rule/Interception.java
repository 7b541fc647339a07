package dev.sluice.proxy.intercept.rule;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is intercepted, for whom, and where it goes. The vocabulary and the defaults are istio-iptables'.
 *
 * @param mode how inbound connections reach the proxy
 * @param proxy where the proxy listens and who it is
 * @param inbound which of the connections that come in
 * @param outbound which of the connections that the app opens
 * @param interfaces what is special about single interfaces
 * @param tproxy marks and table of {@link Mode#TPROXY}
 * @param dnsPort where questions to DNS go; null: they are left alone
 */
public record Interception(
        Mode mode,
        Proxy proxy,
        Inbound inbound,
        Outbound outbound,
        Interfaces interfaces,
        Tproxy tproxy,
        @Nullable Integer dnsPort) {

    /** How inbound connections reach the proxy; outbound ones are redirected in both. */
    public enum Mode {
        /** The destination is rewritten; the proxy asks the kernel for the original one. */
        REDIRECT,
        /** Nothing is rewritten; the proxy needs CAP_NET_ADMIN for a transparent socket and sees the client's address. */
        TPROXY
    }

    /**
     * @param outboundPort of the proxy, for what the app opens
     * @param inboundPort of the proxy, for what comes in
     * @param users ids whose own traffic is left alone
     * @param groups ids whose own traffic is left alone
     */
    public record Proxy(int outboundPort, int inboundPort, List<Integer> users, List<Integer> groups) {
        public Proxy {
            users = List.copyOf(users);
            groups = List.copyOf(groups);
        }
    }

    /**
     * @param include ports of the app
     * @param exclude ports that come to the app directly, whatever {@code include} says
     * @param status the proxy's own ports, for probes and scrapes: never intercepted
     */
    public record Inbound(Selection<Integer> include, List<Integer> exclude, List<Integer> status) {
        public Inbound {
            exclude = List.copyOf(exclude);
            status = List.copyOf(status);
        }
    }

    /**
     * @param includeRanges destinations
     * @param excludeRanges destinations that are left alone, whatever else says
     * @param includePorts destination ports that are intercepted outside {@code includeRanges} too
     * @param excludePorts destination ports that are left alone, whatever else says
     */
    public record Outbound(
            Selection<IpRange> includeRanges,
            List<IpRange> excludeRanges,
            Selection<Integer> includePorts,
            List<Integer> excludePorts) {
        public Outbound {
            excludeRanges = List.copyOf(excludeRanges);
            excludePorts = List.copyOf(excludePorts);
        }
    }

    /**
     * @param exclude interfaces whose traffic is left alone
     * @param virtual interfaces of virtual machines: what comes in by them is what an app opens
     */
    public record Interfaces(List<String> exclude, List<String> virtual) {
        public Interfaces {
            exclude = List.copyOf(exclude);
            virtual = List.copyOf(virtual);
        }
    }

    /**
     * @param mark of packets for the proxy; {@code mark + 1} is on the proxy's own calls to its app by the pod's address
     * @param table of routes that brings marked packets to this host
     */
    public record Tproxy(int mark, int table) {}
}
