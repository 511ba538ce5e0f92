package dev.alertuser.functions.http;

import org.jspecify.annotations.Nullable;

/** The caller's mistake. The message says what was expected, what was found and where, and is shown to the caller. */
public final class RequestException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final ErrorCode code;

    public RequestException(ErrorCode code, @Nullable String message) {
        super(message);
        this.code = code;
    }

    public ErrorCode code() {
        return code;
    }
}
