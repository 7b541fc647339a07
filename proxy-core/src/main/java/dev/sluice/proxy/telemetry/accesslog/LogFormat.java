package dev.sluice.proxy.telemetry.accesslog;

import dev.sluice.config.plan.ProxySettingsPlan;
import dev.sluice.proxy.exchange.Exchange;
import dev.sluice.proxy.session.TcpSession;
import dev.sluice.proxy.telemetry.line.LogLine;
import org.jspecify.annotations.Nullable;

/** What a line of the access log says; compiled once from a format string. Immutable. */
public interface LogFormat {
    /** Istio's default line, with our own code as one more field at its end. */
    String DEFAULT_TEXT = "[%START_TIME%] \"%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%\""
            + " %RESPONSE_CODE% %RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS% %CONNECTION_TERMINATION_DETAILS%"
            + " \"%UPSTREAM_TRANSPORT_FAILURE_REASON%\" %BYTES_RECEIVED% %BYTES_SENT% %DURATION%"
            + " %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% \"%REQ(X-FORWARDED-FOR)%\" \"%REQ(USER-AGENT)%\""
            + " \"%REQ(X-REQUEST-ID)%\" \"%REQ(:AUTHORITY)%\" \"%UPSTREAM_HOST%\" %UPSTREAM_CLUSTER_RAW%"
            + " %UPSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_REMOTE_ADDRESS%"
            + " %REQUESTED_SERVER_NAME% %ROUTE_NAME% %SLUICE_CODE%";

    /** The same fields as JSON, under Istio's names. */
    String DEFAULT_JSON =
            """
            {"start_time":"%START_TIME%","method":"%REQ(:METHOD)%","path":"%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%",\
            "protocol":"%PROTOCOL%","response_code":"%RESPONSE_CODE%","response_flags":"%RESPONSE_FLAGS%",\
            "response_code_details":"%RESPONSE_CODE_DETAILS%",\
            "connection_termination_details":"%CONNECTION_TERMINATION_DETAILS%",\
            "upstream_transport_failure_reason":"%UPSTREAM_TRANSPORT_FAILURE_REASON%",\
            "bytes_received":"%BYTES_RECEIVED%","bytes_sent":"%BYTES_SENT%","duration":"%DURATION%",\
            "upstream_service_time":"%RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)%","x_forwarded_for":"%REQ(X-FORWARDED-FOR)%",\
            "user_agent":"%REQ(USER-AGENT)%","request_id":"%REQ(X-REQUEST-ID)%","authority":"%REQ(:AUTHORITY)%",\
            "upstream_host":"%UPSTREAM_HOST%","upstream_cluster":"%UPSTREAM_CLUSTER_RAW%",\
            "upstream_local_address":"%UPSTREAM_LOCAL_ADDRESS%","downstream_local_address":"%DOWNSTREAM_LOCAL_ADDRESS%",\
            "downstream_remote_address":"%DOWNSTREAM_REMOTE_ADDRESS%","requested_server_name":"%REQUESTED_SERVER_NAME%",\
            "route_name":"%ROUTE_NAME%","sluice_code":"%SLUICE_CODE%"}""";

    /** Writes what the line says of a request, without its end. */
    void write(Exchange exchange, LogLine line);

    /** Writes what the line says of a connection that carried bytes, without its end. */
    void write(TcpSession session, LogLine line);

    /**
     * A line of text; a missing value is {@code -}.
     *
     * @param format with Envoy's command operators; a line break at its end may be left out
     * @throws IllegalArgumentException says what is wrong with it
     */
    static LogFormat text(String format) {
        return TextFormat.compile(format);
    }

    /**
     * A JSON object. A string that is one operator becomes that operator's value, numbers as numbers and a missing value
     * as {@code null}; in a string of several parts a missing value is {@code -}.
     *
     * @param template a JSON object whose strings hold Envoy's command operators
     * @throws IllegalArgumentException says what is wrong with it
     */
    static LogFormat json(String template) {
        return JsonFormat.compile(template);
    }

    /** All that is wrong with a format, in one text; null for one that {@link #text} or {@link #json} takes. */
    static @Nullable String problems(String format, boolean json) {
        return FormatProblems.of(format, json);
    }

    /**
     * What MeshConfig asks for, as far as it can be made out: an operator that there is not never has a value; what is no
     * JSON object, or too long, is passed over for the default. {@code check} tells either.
     */
    static LogFormat of(ProxySettingsPlan settings) {
        String custom = settings.accessLogFormat();
        boolean json = settings.accessLogJson();
        if (custom == null || custom.isBlank()) {
            return standard(json);
        }
        try {
            return json ? JsonFormat.compileLeniently(custom) : TextFormat.compileLeniently(custom);
        } catch (IllegalArgumentException e) {
            // as Istio does with a JSON template that it cannot read
            return standard(json);
        }
    }

    private static LogFormat standard(boolean json) {
        return json ? json(DEFAULT_JSON) : new IstioText(text(DEFAULT_TEXT));
    }
}
