/**
 * Step: beside the request path; what operators see and steer. In: questions to the admin port. Out: pages made of the
 * running proxy's own state, and changes to its life: drain, readiness, log level, end. Thread: the admin port's own; what
 * it reads is safe to read from any thread.
 */
@NullMarked
package dev.sluice.proxy.admin;

import org.jspecify.annotations.NullMarked;
