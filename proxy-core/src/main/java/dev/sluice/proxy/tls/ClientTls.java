package dev.sluice.proxy.tls;

import dev.sluice.config.plan.chain.ClientTlsPlan;
import dev.sluice.config.plan.chain.TlsVersions;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.internal.tcnative.SSL;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.StandardConstants;
import org.jspecify.annotations.Nullable;

/**
 * TLS towards an upstream, with the certificates that are in force now. Made by {@link TlsRegistry}. Sessions are resumed
 * per server name and port. Thread-safe.
 */
public final class ClientTls extends Reloading {
    private final ClientTlsPlan plan;
    private final TlsProvider provider;
    private Map<Speech, SslContext> contexts = Map.of();
    private @Nullable X509Certificate own;
    private boolean closed;

    /** What is to be spoken inside, told by ALPN. */
    public enum Speech {
        /** HTTP/1.1: nothing is offered outside Istio's mutual TLS, as in Istio. */
        HTTP1,
        /** HTTP/2. */
        HTTP2,
        /** Bytes. */
        TCP;

        private List<String> plain() {
            return this == HTTP2 ? List.of("h2") : List.of();
        }

        /** Envoy's of Istio tell each other so that they may speak of metadata; who does not know them takes the last. */
        private List<String> mesh() {
            return switch (this) {
                case HTTP1 -> List.of("istio-http/1.1", "istio", "http/1.1");
                case HTTP2 -> List.of("istio-h2", "istio", "h2");
                case TCP -> List.of("istio");
            };
        }
    }

    /**
     * The beginning of one connection's TLS.
     *
     * @param own the certificate that it shows should it be asked for one; null for none
     */
    public record Beginning(SslHandler handler, @Nullable X509Certificate own) {}

    ClientTls(String name, ClientTlsPlan plan, CredentialStore store, TlsProvider provider, TlsCounters counters) {
        super(name, store, counters, plan.certificate() == null ? List.of() : List.of(plan.certificate()), plan.ca());
        this.plan = plan;
        this.provider = provider;
    }

    /**
     * What begins the TLS of a connection; null while a certificate that is needed is missing.
     *
     * @param host that the request asks for, without port; null where there is none
     * @param port of the endpoint, to tell sessions apart
     */
    public @Nullable Beginning begin(
            ByteBufAllocator alloc, Speech speech, @Nullable String host, int port, long handshakeMillis) {
        String name = plan.serverName() == null ? host : plan.serverName();
        SslHandler handler;
        X509Certificate shown;
        synchronized (this) {
            SslContext context = closed ? null : contexts.get(speech);
            if (context == null) {
                return null;
            }
            handler = name == null ? context.newHandler(alloc) : context.newHandler(alloc, name, port);
            shown = own;
        }
        handler.setHandshakeTimeoutMillis(handshakeMillis);
        serverName(handler.engine(), name);
        return new Beginning(handler, shown);
    }

    private static void serverName(SSLEngine engine, @Nullable String name) {
        boolean said = name != null && !NetUtil.isValidIpV4Address(name) && !NetUtil.isValidIpV6Address(name);
        if (engine instanceof ReferenceCountedOpenSslEngine boring && name != null && said) {
            // Not by parameters: names in a mesh have underscores (outbound_.80_._.host), which Java's form refuses.
            SSL.setTlsExtHostName(boring.sslPointer(), name);
            return;
        }
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setServerNames(name != null && said ? List.of(new AnyServerName(name)) : List.of());
        engine.setSSLParameters(parameters);
    }

    /** A server name as it is written, where the form that Java has for host names knows only some of them. */
    private static final class AnyServerName extends SNIServerName {
        AnyServerName(String name) {
            super(StandardConstants.SNI_HOST_NAME, name.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Override
    void use(List<Credential> read, @Nullable TrustedAuthorities authorities) throws SSLException {
        Credential credential = read.isEmpty() ? null : read.get(0);
        Map<Speech, SslContext> next = new EnumMap<>(Speech.class);
        for (Speech speech : Speech.values()) {
            next.put(speech, context(speech, credential, authorities));
        }
        swap(next, credential == null ? null : credential.leaf());
    }

    private synchronized void swap(Map<Speech, SslContext> next, @Nullable X509Certificate leaf) {
        contexts.values().forEach(ReferenceCountUtil::release);
        contexts = next;
        own = leaf;
    }

    @Override
    synchronized void close() {
        closed = true;
        swap(Map.of(), null);
    }

    private SslContext context(Speech speech, @Nullable Credential credential, @Nullable TrustedAuthorities authorities)
            throws SSLException {
        SslContextBuilder builder = SslContextBuilder.forClient()
                .sslProvider(provider.netty())
                .protocols(ServerTls.protocols(TlsVersions.DEFAULT))
                .ciphers(CipherSuites.of(List.of(), TlsVersions.DEFAULT), SupportedCipherSuiteFilter.INSTANCE)
                // PeerVerifier knows more names than a URL's host; Netty's own check would refuse SPIFFE identities.
                .endpointIdentificationAlgorithm(null)
                .trustManager(
                        new PeerVerifier(authorities, plan.checks(), plan.verifyRequestHost(), Alerts.of(provider)));
        List<String> protocols = plan.mesh() ? speech.mesh() : speech.plain();
        if (!protocols.isEmpty()) {
            builder.applicationProtocolConfig(new ApplicationProtocolConfig(
                    Protocol.ALPN,
                    SelectorFailureBehavior.NO_ADVERTISE,
                    SelectedListenerFailureBehavior.ACCEPT,
                    protocols));
        }
        if (credential != null && provider == TlsProvider.BORINGSSL) {
            builder.keyManager(new OwnKeyManager(credential));
        } else if (credential != null) {
            builder.keyManager(credential.key(), credential.chain());
        }
        if (provider == TlsProvider.BORINGSSL) {
            // What is asked of Java is answered at once: a task would be run by the same thread, a turn later.
            builder.option(OpenSslContextOption.USE_TASKS, false);
        }
        return builder.build();
    }
}
