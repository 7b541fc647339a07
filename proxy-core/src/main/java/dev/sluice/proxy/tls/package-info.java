/**
 * Step: under listener and upstream, what their TLS is made of. In: plans of how TLS ends or begins, folders and Secrets with
 * certificates and keys. Out: handlers for a connection, made of the pair that is in force at that moment; counts and one
 * log line for what fails. Thread: files are read on the configuration thread and on one of its own that watches them; a
 * handshake runs on the event loop of its connection.
 *
 * <p>Key material is never printed: not in a log line, not in an exception's message, not in a {@code toString}.
 */
@NullMarked
package dev.sluice.proxy.tls;

import org.jspecify.annotations.NullMarked;
