/**
 * Step: before the first request, where the launcher asks for it. In: the event loops of a process that is about to bind. Out:
 * requests of the proxy to itself over loopback, so that the code on a request's way is compiled by the time a client comes.
 * Thread: the one that starts the process, which has both ends of the conversation.
 */
@NullMarked
package dev.sluice.proxy.app.rehearse;

import org.jspecify.annotations.NullMarked;
