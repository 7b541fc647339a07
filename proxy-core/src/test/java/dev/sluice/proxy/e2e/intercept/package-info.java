/** Connections that were redirected to the proxy, and those of the app beside it. */
package dev.sluice.proxy.e2e.intercept;
