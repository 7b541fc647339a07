/** Connections that carry bytes. */
package dev.sluice.proxy.e2e.tcp;
