package dev.alertuser.localkit.host.function;

import com.microsoft.azure.functions.TraceContext;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The trace that a call belongs to, as W3C spells it: the caller's, with a span of this host, or a new one. */
public record LocalTraceContext(String traceparent, String tracestate) implements TraceContext {
    private static final Pattern TRACEPARENT =
            Pattern.compile("00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})");

    /** Continues the caller's trace; an absent or malformed header, here an empty text, begins a new one. */
    public static LocalTraceContext continuing(String traceparent, String tracestate) {
        Matcher caller = TRACEPARENT.matcher(traceparent);
        return caller.matches()
                ? new LocalTraceContext("00-" + caller.group(1) + "-" + newSpan() + "-" + caller.group(2), tracestate)
                : started();
    }

    public static LocalTraceContext started() {
        return new LocalTraceContext("00-" + newTrace() + "-" + newSpan() + "-01", "");
    }

    private static String newTrace() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    private static String newSpan() {
        return newTrace().substring(0, 16);
    }

    @Override
    public String getTraceparent() {
        return traceparent;
    }

    @Override
    public String getTracestate() {
        return tracestate;
    }

    @Override
    public Map<String, String> getAttributes() {
        return Map.of();
    }
}
