/**
 * Step: under tls, what certificates and keys are written in. In: the text of a file or a Secret. Out: its blocks, the private
 * key of one, or a {@link dev.sluice.proxy.tls.pem.CredentialException} that holds no key material. Thread: any, nothing is
 * kept.
 */
@NullMarked
package dev.sluice.proxy.tls.pem;

import org.jspecify.annotations.NullMarked;
