package dev.sluice.proxy.codec.http2;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;

import io.netty.util.AsciiString;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What it answers, {@link HpackReaderTest} says; here is what it holds. */
class HpackTableTest {
    private static final int MANY = 100;

    /** Or a peer whose table has many places would have us keep a large text in each of them. */
    @Test
    void aForgottenTextIsNotHeld() {
        HpackTable table = new HpackTable();
        for (int i = 0; i < MANY; i++) {
            table.add(AsciiString.of("a"), AsciiString.of("b"), null);
        }
        List<WeakReference<AsciiString>> values = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            AsciiString value = new AsciiString(new byte[HpackTable.DEFAULT_CAPACITY - Field.OVERHEAD - 1], false);
            values.add(new WeakReference<>(value));
            table.add(AsciiString.of("a"), value, null);
        }
        await().atMost(10, SECONDS).until(() -> held(values) == 1);
        table.capacity(0);
        await().atMost(10, SECONDS).until(() -> held(values) == 0);
    }

    private static long held(List<WeakReference<AsciiString>> values) {
        System.gc();
        return values.stream().filter(value -> value.get() != null).count();
    }
}
