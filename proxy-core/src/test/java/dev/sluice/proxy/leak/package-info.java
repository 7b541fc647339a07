/**
 * Step: none of the request path; it watches the tests. In: Netty's reports of buffers that nobody released. Out: a
 * failed build. Thread: reports come on any, the end of the run is on the launcher's.
 */
@NullMarked
package dev.sluice.proxy.leak;

import org.jspecify.annotations.NullMarked;
