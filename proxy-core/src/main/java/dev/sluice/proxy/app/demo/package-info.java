/**
 * Step: beside the proxy, for {@code sluice demo} only. In: requests that the proxy forwards. Out: answers that say which
 * service and version gave them. Thread: event loops, the demo's own line on the main thread.
 */
@NullMarked
package dev.sluice.proxy.app.demo;

import org.jspecify.annotations.NullMarked;
