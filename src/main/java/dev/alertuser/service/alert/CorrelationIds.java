package dev.alertuser.service.alert;

import java.util.regex.Pattern;

/** The accepted forms of callers' correlation ids and trace contexts: both are safe, unescaped, in a header and in a log line. */
public final class CorrelationIds {
    public static final String FORM = "a string of 1 to 128 visible ASCII characters";

    private static final Pattern VALID = Pattern.compile("[\\x21-\\x7E]{1,128}");

    /** Version, trace, parent, flags: https://www.w3.org/TR/trace-context/#traceparent-header-field-values */
    private static final Pattern TRACEPARENT = Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

    private CorrelationIds() {}

    public static boolean isValid(String id) {
        return VALID.matcher(id).matches();
    }

    public static boolean isTraceparent(String text) {
        return TRACEPARENT.matcher(text).matches();
    }
}
