package dev.sluice.config.plan;

/**
 * What a listener needs to know that takes connections which were meant for others, redirected by the operating system.
 * Which of its chains takes one is told by the address that the client dialled; where the chains of an address and port
 * are both HTTP and bytes, nobody declared what is spoken there, and the first bytes tell.
 *
 * @param transparent whether connections keep the dialled address as their local one (TPROXY), for which the socket must
 *     be transparent; else the kernel remembers it (REDIRECT)
 * @param detectionMillis how long a client may stay silent before its connection counts as one whose server speaks first;
 *     0 waits for ever
 */
public record CapturePlan(boolean transparent, long detectionMillis) {}
