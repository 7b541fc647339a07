/** What a pod relies on: readiness, probes, metrics, and a start without what should be there. */
package dev.sluice.proxy.e2e.container;
