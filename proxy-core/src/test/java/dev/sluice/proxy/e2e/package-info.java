/**
 * Promises of the whole proxy, over real sockets, from YAML as a user writes it: a folder for each subject. What they
 * share is {@code fixture}.
 */
package dev.sluice.proxy.e2e;
