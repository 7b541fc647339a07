/**
 * Step: within translation, connections that are no HTTP here. In: {@code tcp} and {@code tls} routes of VirtualServices,
 * services. Out: routes of bytes and what tells their connections apart. Thread: one, for one compilation.
 */
@NullMarked
package dev.sluice.config.translate.stream;

import org.jspecify.annotations.NullMarked;
