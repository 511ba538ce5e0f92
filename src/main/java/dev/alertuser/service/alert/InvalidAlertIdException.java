package dev.alertuser.service.alert;

/** The caller's text is no alert id. The message names what was expected, what was found and where; it may be shown to the caller. */
public final class InvalidAlertIdException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    InvalidAlertIdException(String message) {
        super(message);
    }
}
