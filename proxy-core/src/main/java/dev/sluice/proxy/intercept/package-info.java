/**
 * Step: beside the request path, before any request: brings the kernel the rules that lead an app's connections to the proxy. In:
 * what to intercept ({@link dev.sluice.proxy.intercept.rule.Interception}). Out: text for iptables-restore or nft, and a network
 * namespace changed as a whole or not at all. Thread: the command's own; it waits for the tools it starts.
 */
@NullMarked
package dev.sluice.proxy.intercept;

import org.jspecify.annotations.NullMarked;
