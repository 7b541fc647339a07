package dev.sluice.proxy.app.demo;

import dev.sluice.config.plan.ClusterPlan;
import dev.sluice.config.plan.EndpointPlan;
import dev.sluice.config.plan.ProxyPlan;
import dev.sluice.proxy.codec.ChannelConnection;
import dev.sluice.proxy.codec.CodecLimits;
import dev.sluice.proxy.codec.http1.connection.H1ServerHandler;
import dev.sluice.proxy.listener.SystemReason;
import dev.sluice.proxy.upstream.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The demo's upstreams: one for each endpoint that the configuration names, on the proxy's own event loops. */
public final class DemoServices implements AutoCloseable {
    private final List<DemoService> services = new ArrayList<>();
    private final List<Channel> servers = new ArrayList<>();

    private DemoServices() {}

    /**
     * Starts what {@code plan} points at; an endpoint's labels {@code app} and {@code version} say what it is.
     *
     * @throws IOException when an address is taken; the message names it
     */
    public static DemoServices start(ProxyPlan plan, Transport transport) throws IOException {
        Map<String, EndpointPlan> endpoints = new TreeMap<>();
        for (ClusterPlan cluster : plan.clusters().values()) {
            cluster.endpoints().forEach(endpoint -> endpoints.put(endpoint.hostPort(), endpoint));
        }
        DemoServices demo = new DemoServices();
        for (EndpointPlan endpoint : endpoints.values()) {
            try {
                demo.start(endpoint, transport);
            } catch (IOException e) {
                demo.close();
                throw e;
            }
        }
        demo.services.sort(Comparator.comparing(DemoService::label));
        return demo;
    }

    private void start(EndpointPlan endpoint, Transport transport) throws IOException {
        DemoService service = new DemoService(
                endpoint.labels().getOrDefault("app", "service"),
                endpoint.labels().getOrDefault("version", "v1"));
        ChannelFuture bound = new ServerBootstrap()
                .group(transport.group())
                .channel(transport.server())
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(new H1ServerHandler(
                                        service, ChannelConnection.cleartext(channel), CodecLimits.DEFAULT));
                    }
                })
                .bind(new InetSocketAddress(endpoint.address(), endpoint.port()))
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "cannot bind " + endpoint.hostPort() + " for the demo's " + service.label() + ": "
                            + SystemReason.of(bound.cause()),
                    bound.cause());
        }
        services.add(service);
        servers.add(bound.channel());
    }

    /** Answers so far, in one line that an ordinary terminal has room for: {@code details 3 · reviews v1 5 v2 2 v3 1}. */
    public String counts() {
        StringBuilder line = new StringBuilder();
        String before = "";
        for (DemoService service : services) {
            if (!service.name().equals(before)) {
                before = service.name();
                line.append(line.isEmpty() ? "" : " · ").append(before);
            }
            if (versions(service.name()) > 1) {
                line.append(' ').append(service.version());
            }
            line.append(' ').append(service.answered());
        }
        return line.toString();
    }

    private long versions(String name) {
        return services.stream().filter(service -> service.name().equals(name)).count();
    }

    /** Names with versions, in one line. */
    public String names() {
        return services.stream().map(DemoService::label).collect(Collectors.joining(", "));
    }

    @Override
    public void close() {
        servers.forEach(server -> server.close().awaitUninterruptibly());
        servers.clear();
    }
}
