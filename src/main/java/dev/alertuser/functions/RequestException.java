package dev.alertuser.functions;

import org.jspecify.annotations.Nullable;

/** The caller's mistake. The message says what was expected, what was found and where, and is shown to the caller. */
final class RequestException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final ErrorCode code;

    RequestException(ErrorCode code, @Nullable String message) {
        super(message);
        this.code = code;
    }

    ErrorCode code() {
        return code;
    }
}
