/** TLS on either side of the proxy and through it. */
package dev.sluice.proxy.e2e.tls;
