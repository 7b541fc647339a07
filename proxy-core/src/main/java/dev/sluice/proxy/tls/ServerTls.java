package dev.sluice.proxy.tls;

import dev.sluice.config.plan.chain.ServerTlsPlan;
import dev.sluice.config.plan.chain.ServerTlsPlan.ClientCertificate;
import dev.sluice.config.plan.chain.TlsVersions;
import dev.sluice.config.plan.chain.TlsVersions.Version;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.util.ReferenceCountUtil;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * How TLS of clients ends, with the certificates that are in force now. Made by {@link TlsRegistry}. Thread-safe.
 *
 * <p>Each certificate has a context of its own, and with it its own sessions: a session from before a rotation, or from
 * another server, is not resumed, for what let that client in may not hold here.
 */
public final class ServerTls extends Reloading {
    private static final long SESSION_SECONDS = 7_200;
    /** A client whose certificate was withdrawn gets no further with its session than this. */
    private static final long CHECKED_SESSION_SECONDS = 300;

    private static final String[] NO_STRINGS = {};

    private final ServerTlsPlan plan;
    private final TlsProvider provider;
    private List<Choice> choices = List.of();
    private boolean closed;

    /** @param names that the certificate is for */
    private record Choice(Credential credential, List<PeerNames.Name> names, SslContext context) {}

    /**
     * The end of one connection's TLS.
     *
     * @param own the certificate that it shows
     */
    public record Ending(SslHandler handler, X509Certificate own) {}

    ServerTls(String name, ServerTlsPlan plan, CredentialStore store, TlsProvider provider, TlsCounters counters) {
        super(name, store, counters, plan.certificates(), plan.ca());
        this.plan = plan;
        this.provider = provider;
    }

    /**
     * What ends the TLS of a connection that begins with {@code hello}; null while there is no usable certificate.
     *
     * @param handshakeMillis within which the handshake must be done
     */
    public synchronized @Nullable Ending begin(ByteBufAllocator alloc, ClientHello hello, long handshakeMillis) {
        Choice chosen = choose(hello);
        if (chosen == null || closed) {
            return null;
        }
        SslHandler handler = chosen.context().newHandler(alloc);
        handler.setHandshakeTimeoutMillis(handshakeMillis);
        return new Ending(handler, chosen.credential().leaf());
    }

    /** Of the certificates for the name that the client asks for, else of all, the first of the kind that it prefers. */
    private @Nullable Choice choose(ClientHello hello) {
        List<Choice> named = named(hello.serverName());
        List<Choice> all = named.isEmpty() ? choices : named;
        boolean ecdsa = takesEcdsa(hello);
        for (Choice choice : all) {
            if (choice.credential().isEcdsa() == ecdsa) {
                return choice;
            }
        }
        return all.isEmpty() ? null : all.get(0);
    }

    /** Those for exactly that name, else those with a wildcard for it, as Envoy has them. */
    private List<Choice> named(@Nullable String name) {
        if (name == null || choices.size() < 2) {
            return choices;
        }
        List<Choice> exactly = choices.stream()
                .filter(choice -> PeerNames.hasDns(choice.names(), name))
                .toList();
        return exactly.isEmpty()
                ? choices.stream()
                        .filter(choice -> PeerNames.anyOf(choice.names(), List.of(name)))
                        .toList()
                : exactly;
    }

    /**
     * Whether an ECDSA certificate will do for that client. Up to TLS 1.2 the cipher suite says how the server signs too:
     * who has no such suite cannot use it, whatever signatures it checks.
     */
    private boolean takesEcdsa(ClientHello hello) {
        boolean tls13 = hello.tls13() && plan.versions().max() == Version.TLS_1_3;
        return hello.ecdsa() && (tls13 || (hello.ecdsaSuites() && CipherSuites.haveEcdsa(plan.cipherSuites())));
    }

    /** Whether clients may show certificates. */
    public boolean asksForCertificates() {
        return plan.clientCertificate() != ClientCertificate.NONE;
    }

    @Override
    void use(List<Credential> read, @Nullable TrustedAuthorities authorities) throws SSLException {
        List<Choice> next = new ArrayList<>();
        for (Credential credential : read) {
            List<PeerNames.Name> names = PeerNames.of(credential.leaf());
            next.add(new Choice(credential, names, context(credential, authorities)));
        }
        swap(next);
    }

    private synchronized void swap(List<Choice> next) {
        choices.forEach(choice -> ReferenceCountUtil.release(choice.context()));
        choices = List.copyOf(next);
    }

    @Override
    synchronized void close() {
        closed = true;
        swap(List.of());
    }

    private SslContext context(Credential credential, @Nullable TrustedAuthorities authorities) throws SSLException {
        boolean boring = provider == TlsProvider.BORINGSSL;
        TlsVersions versions = boring ? CipherSuites.spoken(plan.cipherSuites(), plan.versions()) : plan.versions();
        SslContextBuilder builder = boring
                ? SslContextBuilder.forServer(new OwnKeyManager(credential))
                : SslContextBuilder.forServer(credential.key(), credential.chain());
        builder.sslProvider(provider.netty())
                .protocols(protocols(versions))
                .ciphers(CipherSuites.of(plan.cipherSuites(), versions), SupportedCipherSuiteFilter.INSTANCE)
                .sessionTimeout(asksForCertificates() ? CHECKED_SESSION_SECONDS : SESSION_SECONDS)
                .applicationProtocolConfig(alpn(plan.alpn()));
        switch (plan.clientCertificate()) {
            case NONE -> builder.clientAuth(ClientAuth.NONE);
            case OPTIONAL -> builder.clientAuth(ClientAuth.OPTIONAL);
            case REQUIRED -> builder.clientAuth(ClientAuth.REQUIRE);
        }
        // Also where none is asked for: Netty would load the Java runtime's authorities, a megabyte and a tenth of a
        // second.
        PeerVerifier strict = new PeerVerifier(authorities, plan.checks(), false, Alerts.of(provider));
        builder.trustManager(plan.admitsUnverified() ? new Lenient(strict) : strict);
        if (boring) {
            // What is asked of Java is answered at once: a task would be run by the same thread, a turn later.
            builder.option(OpenSslContextOption.USE_TASKS, false);
        }
        return builder.build();
    }

    private static ApplicationProtocolConfig alpn(List<String> protocols) {
        return protocols.isEmpty()
                ? ApplicationProtocolConfig.DISABLED
                : new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        protocols);
    }

    static String[] protocols(TlsVersions versions) {
        List<String> names = new ArrayList<>();
        for (Version version : Version.values()) {
            if (version.compareTo(versions.min()) >= 0 && version.compareTo(versions.max()) <= 0) {
                names.add(version.javaName());
            }
        }
        return names.toArray(NO_STRINGS);
    }
}
