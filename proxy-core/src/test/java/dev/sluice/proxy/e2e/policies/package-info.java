/** What a route or a destination is told to do: timeouts, retries, limits, ejection. */
package dev.sluice.proxy.e2e.policies;
