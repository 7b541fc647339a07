package dev.sluice.proxy.codec.http2;

import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * The fields that a peer may name by a number: those of RFC 7541 appendix A, then those it had us remember, the latest
 * first (section 2.3). The room for the latter is taken only as it is used: columns of a ring, for an object for each field
 * would outlive the young generation. Not thread-safe.
 */
final class HpackTable {
    /** What a peer may have us remember, unless our SETTINGS say otherwise. */
    static final int DEFAULT_CAPACITY = 4096;

    private static final String APPENDIX_A =
            """
            :authority
            :method GET
            :method POST
            :path /
            :path /index.html
            :scheme http
            :scheme https
            :status 200
            :status 204
            :status 206
            :status 304
            :status 400
            :status 404
            :status 500
            accept-charset
            accept-encoding gzip, deflate
            accept-language
            accept-ranges
            accept
            access-control-allow-origin
            age
            allow
            authorization
            cache-control
            content-disposition
            content-encoding
            content-language
            content-length
            content-location
            content-range
            content-type
            cookie
            date
            etag
            expect
            expires
            from
            host
            if-match
            if-modified-since
            if-none-match
            if-range
            if-unmodified-since
            last-modified
            link
            location
            max-forwards
            proxy-authenticate
            proxy-authorization
            range
            referer
            refresh
            retry-after
            server
            set-cookie
            strict-transport-security
            transfer-encoding
            user-agent
            vary
            via
            www-authenticate
            """;

    private static final Field[] FIXED =
            APPENDIX_A.lines().map(HpackTable::fixed).toArray(Field[]::new);

    /** How many fields appendix A has. */
    static final int FIXED_FIELDS = FIXED.length;

    private static final int PLACES = 256;
    /** Index of the first field with a name, in the first place that is free from the one of its hash on. */
    private static final byte[] FIRST = new byte[PLACES];

    static {
        for (int index = FIXED_FIELDS; index > 0; index--) {
            AsciiString name = FIXED[index - 1].name();
            int place = place(name.hashCode());
            while (FIRST[place] != 0 && !FIXED[FIRST[place] - 1].name().equals(name)) {
                place = (place + 1) & (PLACES - 1);
            }
            FIRST[place] = (byte) index;
        }
    }

    private static final int LEAST_PLACES = 8;
    private static final AsciiString[] NO_TEXTS = {};
    private static final @Nullable String[] NO_FAULTS = {};

    // By place.
    private AsciiString[] names = NO_TEXTS;
    private AsciiString[] values = NO_TEXTS;
    /** As {@link Field#fault}; empty until the first comes. */
    private @Nullable String[] faults = NO_FAULTS;

    private int newest;
    private int count;
    private int size;
    private int capacity = DEFAULT_CAPACITY;

    private static Field fixed(String line) {
        int blank = line.indexOf(' ');
        AsciiString name = AsciiString.cached(blank < 0 ? line : line.substring(0, blank));
        AsciiString value = blank < 0 ? AsciiString.EMPTY_STRING : AsciiString.cached(line.substring(blank + 1));
        String fault = Field.faultOfName(name);
        return new Field(name, value, fault == null ? Field.faultOfBoth(name, value) : fault);
    }

    private static int place(int hash) {
        return (hash * 0x9e3779b9) >>> 24;
    }

    /** Index of the first field of appendix A with that name; 0 when there is none. */
    static int firstOf(AsciiString name) {
        int place = place(name.hashCode());
        for (int index = FIRST[place]; index != 0; index = FIRST[place]) {
            if (FIXED[index - 1].name().equals(name)) {
                return index;
            }
            place = (place + 1) & (PLACES - 1);
        }
        return 0;
    }

    /** Index of the field of appendix A with the name of the one at {@code first} and that value; 0 when there is none. */
    static int indexOf(int first, CharSequence value) {
        AsciiString name = FIXED[first - 1].name();
        for (int i = first - 1; i < FIXED_FIELDS && FIXED[i].name().equals(name); i++) {
            if (FIXED[i].value().contentEquals(value)) {
                return i + 1;
            }
        }
        return 0;
    }

    /** Whether there is a field of {@code index}. */
    boolean has(int index) {
        return index > 0 && index <= FIXED_FIELDS + count;
    }

    AsciiString name(int index) {
        return index <= FIXED_FIELDS ? FIXED[index - 1].name() : names[slot(index)];
    }

    AsciiString value(int index) {
        return index <= FIXED_FIELDS ? FIXED[index - 1].value() : values[slot(index)];
    }

    /** What is wrong with a field by itself; null for nothing. */
    @Nullable
    String fault(int index) {
        if (index <= FIXED_FIELDS) {
            return FIXED[index - 1].fault();
        }
        return faults.length == 0 ? null : faults[slot(index)];
    }

    private int slot(int index) {
        return (newest - (index - FIXED_FIELDS - 1)) & (names.length - 1);
    }

    /**
     * Remembers a field, and forgets the oldest as far as needed (section 4.4).
     *
     * @param fault what is wrong with it by itself; null for nothing
     */
    void add(AsciiString name, AsciiString value, @Nullable String fault) {
        int needed = Field.size(name, value);
        shrinkTo(capacity - needed);
        if (needed > capacity) {
            return;
        }
        if (count == names.length) {
            grow();
        }
        newest = (newest + 1) & (names.length - 1);
        names[newest] = name;
        values[newest] = value;
        if (fault != null && faults.length == 0) {
            faults = new String[names.length];
        }
        if (faults.length > 0) {
            faults[newest] = fault;
        }
        count++;
        size += needed;
    }

    /** Sets how much may be remembered, in the bytes of {@link Field#size}. */
    void capacity(int bytes) {
        capacity = bytes;
        shrinkTo(bytes);
    }

    int capacity() {
        return capacity;
    }

    private void shrinkTo(int bytes) {
        while (count > 0 && size > bytes) {
            int oldest = slot(FIXED_FIELDS + count);
            size -= Field.size(names[oldest], values[oldest]);
            count--;
            // A text may be as large as a table; places are many.
            names[oldest] = AsciiString.EMPTY_STRING;
            values[oldest] = AsciiString.EMPTY_STRING;
        }
    }

    private void grow() {
        int wider = Math.max(LEAST_PLACES, 2 * names.length);
        AsciiString[] widerNames = new AsciiString[wider];
        AsciiString[] widerValues = new AsciiString[wider];
        @Nullable String[] widerFaults = faults.length == 0 ? NO_FAULTS : new String[wider];
        for (int i = 0; i < count; i++) {
            int index = FIXED_FIELDS + count - i;
            widerNames[i] = name(index);
            widerValues[i] = value(index);
            if (widerFaults.length > 0) {
                widerFaults[i] = fault(index);
            }
        }
        names = widerNames;
        values = widerValues;
        faults = widerFaults;
        newest = count - 1;
    }
}
