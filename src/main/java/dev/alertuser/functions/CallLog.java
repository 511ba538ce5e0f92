package dev.alertuser.functions;

import dev.alertuser.service.Correlation;

/** The form of a log line about one HTTP call: the function, what ties it to other lines, then what became of it. */
final class CallLog {
    private CallLog() {}

    static String line(String function, Correlation correlation, String outcome) {
        String trace = correlation.traceparent() == null ? "" : " traceparent=" + correlation.traceparent();
        return function + " correlationId=" + correlation.id() + trace + " " + outcome;
    }
}
