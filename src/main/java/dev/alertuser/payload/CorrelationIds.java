package dev.alertuser.payload;

import java.util.regex.Pattern;

/** The form of correlation ids taken from callers: what can stand in a header and in a log line as it is. */
final class CorrelationIds {
    static final String FORM = "a string of 1 to 128 visible ASCII characters";

    private static final Pattern VALID = Pattern.compile("[\\x21-\\x7E]{1,128}");

    private CorrelationIds() {}

    static boolean isValid(String id) {
        return VALID.matcher(id).matches();
    }
}
