/**
 * Step: header carry, between the listener's entry and the router. In: requests to the app, whose chosen headers are
 * remembered by trace and request id; requests of the app. Out: the same requests, those of the app with the headers that
 * its code did not pass on. Thread: event loop of the exchange; the memory is shared by all loops.
 */
@NullMarked
package dev.sluice.proxy.policy.carry;

import org.jspecify.annotations.NullMarked;
