/**
 * Step: beside the path of requests. In: scrapes of a pod's one port for metrics. Out: what the app beside the proxy tells of
 * itself, line by line, in the format that the scraper reads. Thread: that of the status ports.
 */
@NullMarked
package dev.sluice.proxy.admin.scrape;

import org.jspecify.annotations.NullMarked;
