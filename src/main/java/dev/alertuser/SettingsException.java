package dev.alertuser;

/** A setting is missing or malformed. The operator must mend it; the message names it, what was expected and what was found. */
public final class SettingsException extends RuntimeException {
    private static final long serialVersionUID = 1;

    SettingsException(String message) {
        super(message);
    }
}
