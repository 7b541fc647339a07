/**
 * Step: beside the path of requests. In: probes of the kubelet and of load balancers, scrapes, the end of a Job. Out: whether
 * the process is ready, its metrics, alone or with the app's. Thread: one of its own.
 */
@NullMarked
package dev.sluice.proxy.admin.status;

import org.jspecify.annotations.NullMarked;
