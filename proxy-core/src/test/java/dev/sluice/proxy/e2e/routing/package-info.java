/** Where a request goes, and what a route answers by itself. */
package dev.sluice.proxy.e2e.routing;
