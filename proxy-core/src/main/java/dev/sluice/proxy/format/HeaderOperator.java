package dev.sluice.proxy.format;

import dev.sluice.proxy.match.AsciiCase;
import dev.sluice.proxy.match.RequestField;
import dev.sluice.proxy.match.RequestField.Source;
import dev.sluice.proxy.stream.RequestHead;
import dev.sluice.proxy.stream.headers.Headers;
import io.netty.util.AsciiString;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** REQ(X?Y), RESP(X?Y), TRAILER(X?Y) and REQ_WITHOUT_QUERY(X?Y): the first value of header X, or where it is missing of Y. */
final class HeaderOperator {
    private HeaderOperator() {}

    /** {@code :method}, {@code :path}, {@code :authority}, {@code :scheme} and {@code host} are fields of the head. */
    static Operator ofRequest(@Nullable String argument) {
        return ofRequest("REQ", argument);
    }

    private static Operator ofRequest(String operator, @Nullable String argument) {
        String[] names = names(operator, argument);
        RequestField main = RequestField.header(names[0]);
        RequestField other = names.length > 1 ? RequestField.header(names[1]) : null;
        return (source, to) -> {
            CharSequence value = read(source.request(), main);
            if (value == null && other != null) {
                value = read(source.request(), other);
            }
            return append(value, to);
        };
    }

    /** The same up to the value's first question mark. */
    static Operator ofRequestWithoutQuery(@Nullable String argument) {
        Operator whole = ofRequest("REQ_WITHOUT_QUERY", argument);
        return (source, to) -> {
            int start = to.length();
            boolean found = whole.append(source, to);
            int query = to.indexOf("?", start);
            if (query >= 0) {
                to.setLength(query);
            }
            return found;
        };
    }

    private static @Nullable CharSequence read(RequestHead request, RequestField field) {
        return field.source() == Source.HEADER
                ? request.headers().get(field.name())
                : field.read(request, RequestField.endOfPath(request.path()));
    }

    /** {@code :status} is a field of the head. */
    static Operator ofResponse(@Nullable String argument) {
        if (argument != null && AsciiCase.fold(argument).equals(":status")) {
            return (source, to) -> {
                boolean present = source.responseHeaders() != null;
                if (present) {
                    to.append(source.status());
                }
                return present;
            };
        }
        return of("RESP", argument, FormatSource::responseHeaders);
    }

    static Operator ofTrailers(@Nullable String argument) {
        return of("TRAILER", argument, FormatSource::responseTrailers);
    }

    private static Operator of(
            String name, @Nullable String argument, Function<FormatSource, @Nullable Headers> reader) {
        String[] names = names(name, argument);
        AsciiString main = AsciiString.cached(AsciiCase.fold(names[0]));
        AsciiString other = names.length > 1 ? AsciiString.cached(AsciiCase.fold(names[1])) : null;
        return (source, to) -> {
            Headers headers = reader.apply(source);
            CharSequence value = headers == null ? null : headers.get(main);
            if (value == null && headers != null && other != null) {
                value = headers.get(other);
            }
            return append(value, to);
        };
    }

    private static boolean append(@Nullable CharSequence value, StringBuilder to) {
        if (value == null) {
            return false;
        }
        to.append(value);
        return true;
    }

    private static String[] names(String operator, @Nullable String argument) {
        int question = argument == null ? -1 : argument.indexOf('?');
        if (argument == null || argument.isEmpty() || question == 0 || argument.indexOf('?', question + 1) > question) {
            throw new IllegalArgumentException(
                    "operator %" + operator + "% needs a header name, or two as in %" + operator + "(X?Y)%");
        }
        return question < 0 || question == argument.length() - 1
                ? new String[] {question < 0 ? argument : argument.substring(0, question)}
                : new String[] {argument.substring(0, question), argument.substring(question + 1)};
    }
}
