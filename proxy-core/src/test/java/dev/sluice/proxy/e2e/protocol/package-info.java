/** The rules of HTTP/1 and HTTP/2, byte by byte, and what becomes of those who break them. */
package dev.sluice.proxy.e2e.protocol;
