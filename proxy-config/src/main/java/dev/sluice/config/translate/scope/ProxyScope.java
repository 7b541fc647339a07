package dev.sluice.config.translate.scope;

/**
 * What there is for one proxy.
 *
 * @param identity who it is
 * @param sidecar what its Sidecar says
 * @param services that it sees
 * @param bound VirtualServices by what they are bound to
 */
public record ProxyScope(ProxyIdentity identity, SidecarScope sidecar, VisibleServices services, BoundServices bound) {}
