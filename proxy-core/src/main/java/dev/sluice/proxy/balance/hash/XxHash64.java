package dev.sluice.proxy.balance.hash;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * xxHash64 (Yann Collet, "xxHash fast digest algorithm", specification of 2018), which Envoy hashes keys and endpoints
 * with. Pure.
 */
public final class XxHash64 {
    private static final long P1 = 0x9E3779B185EBCA87L;
    private static final long P2 = 0xC2B2AE3D27D4EB4FL;
    private static final long P3 = 0x165667B19E3779F9L;
    private static final long P4 = 0x85EBCA77C2B2AE63L;
    private static final long P5 = 0x27D4EB2F165667C5L;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private XxHash64() {}

    /** Hash of the text's UTF-8 bytes with seed 0. */
    public static long hash(String text) {
        return hash(text.getBytes(StandardCharsets.UTF_8), 0);
    }

    /** Hash of the text's UTF-8 bytes. */
    public static long hash(String text, long seed) {
        return hash(text.getBytes(StandardCharsets.UTF_8), seed);
    }

    /** Hash of all of {@code input}. */
    public static long hash(byte[] input, long seed) {
        return hash(input, 0, input.length, seed);
    }

    /** Hash of the eight bytes of {@code value}, the lowest first. */
    public static long hash(long value, long seed) {
        return avalanche(mix8(seed + P5 + Long.BYTES, value));
    }

    /** Hash of {@code input} from index {@code from} to before {@code to}. */
    public static long hash(byte[] input, int from, int to, long seed) {
        int length = to - from;
        int at = from;
        long hash;
        if (length >= 32) {
            long v1 = seed + P1 + P2;
            long v2 = seed + P2;
            long v3 = seed;
            long v4 = seed - P1;
            for (; at <= to - 32; at += 32) {
                v1 = round(v1, (long) LONG.get(input, at));
                v2 = round(v2, (long) LONG.get(input, at + 8));
                v3 = round(v3, (long) LONG.get(input, at + 16));
                v4 = round(v4, (long) LONG.get(input, at + 24));
            }
            hash = Long.rotateLeft(v1, 1) + Long.rotateLeft(v2, 7) + Long.rotateLeft(v3, 12) + Long.rotateLeft(v4, 18);
            hash = merge(merge(merge(merge(hash, v1), v2), v3), v4);
        } else {
            hash = seed + P5;
        }
        return tail(input, at, to, hash + length);
    }

    private static long tail(byte[] input, int from, int to, long start) {
        long hash = start;
        int at = from;
        for (; at <= to - 8; at += 8) {
            hash = mix8(hash, (long) LONG.get(input, at));
        }
        if (at <= to - 4) {
            hash ^= ((int) INT.get(input, at) & 0xFFFFFFFFL) * P1;
            hash = Long.rotateLeft(hash, 23) * P2 + P3;
            at += 4;
        }
        for (; at < to; at++) {
            hash ^= (input[at] & 0xFF) * P5;
            hash = Long.rotateLeft(hash, 11) * P1;
        }
        return avalanche(hash);
    }

    private static long mix8(long hash, long input) {
        return Long.rotateLeft(hash ^ round(0, input), 27) * P1 + P4;
    }

    private static long avalanche(long hash) {
        long mixed = (hash ^ (hash >>> 33)) * P2;
        mixed = (mixed ^ (mixed >>> 29)) * P3;
        return mixed ^ (mixed >>> 32);
    }

    private static long round(long accumulator, long input) {
        return Long.rotateLeft(accumulator + input * P2, 31) * P1;
    }

    private static long merge(long hash, long value) {
        return (hash ^ round(0, value)) * P1 + P4;
    }
}
