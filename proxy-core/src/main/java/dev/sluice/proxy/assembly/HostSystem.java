package dev.sluice.proxy.assembly;

import dev.sluice.proxy.listener.DialledAddress;
import dev.sluice.proxy.upstream.names.NameResolver;
import org.jspecify.annotations.Nullable;

/**
 * What a proxy asks of the operating system.
 *
 * @param redirected tells where connections were going that were redirected to the proxy
 * @param names finds addresses; null for what any program on this host gets
 */
public record HostSystem(DialledAddress redirected, @Nullable NameResolver names) {
    /** The one that this process runs on. */
    public static final HostSystem THIS = new HostSystem(DialledAddress.REDIRECTED, null);
}
