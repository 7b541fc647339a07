/** A process from its start to its end: launcher, training, demo, reloads, shortage of memory, drain and signals. */
package dev.sluice.proxy.e2e.life;
