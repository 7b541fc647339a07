package dev.sluice.proxy.codec.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PrefaceTest {
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    private static Preface of(String text) {
        return Preface.of(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
    }

    @Test
    void theWholePrefaceIsHttp2WhateverFollows() {
        assertEquals(Preface.HTTP2, of(PREFACE));
        assertEquals(Preface.HTTP2, of(PREFACE + "\0\0\0\4\0\0\0\0\0"));
    }

    @Test
    void everyBeginningOfItIsUndecided() {
        for (int length = 0; length < PREFACE.length(); length++) {
            assertEquals(Preface.UNDECIDED, of(PREFACE.substring(0, length)));
        }
    }

    @Test
    void anythingElseIsOtherFromTheFirstByteThatDiffers() {
        assertEquals(Preface.OTHER, of("G"));
        assertEquals(Preface.OTHER, of("PO"));
        assertEquals(Preface.OTHER, of("PRI * HTTP/2.1"));
        assertEquals(Preface.OTHER, of("\r\n"));
    }

    @Test
    void aWholeLineWithoutAVersionIsNeither() {
        assertEquals(Preface.NEITHER, of("INVALID CONNECTION PREFACE\r\n\r\n"));
        assertEquals(Preface.NEITHER, of("EHLO example.com\n"));
        assertEquals(Preface.OTHER, of("EHLO exam"));
        assertEquals(Preface.OTHER, of("GET /\r\n"));
        assertEquals(Preface.OTHER, of("GET * HTTP/1.1\r\n"));
        assertEquals(Preface.OTHER, of("\r\nGET / HTTP/1.1\r\n"));
    }

    @Test
    void nothingIsConsumed() {
        ByteBuf bytes =
                Unpooled.copiedBuffer("xx" + PREFACE, StandardCharsets.US_ASCII).skipBytes(2);
        assertEquals(Preface.HTTP2, Preface.of(bytes));
        assertEquals(2, bytes.readerIndex());
    }
}
