package dev.alertuser.service.alert;

import dev.alertuser.service.budget.QuestionKey;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * The id of a Defender alert, as Defender spells it: {@code 636688558380765161_2136280442}, {@code da637472900382838869_1364969609},
 * {@code da} and a GUID, or another product's form. Only length and alphabet are checked, since Defender answers 404 to any other form and
 * its documentation shows ids that are no valid GUID.
 *
 * @param value 1 to 128 characters of {@code A-Z a-z 0-9 _ -}, case kept
 */
public record AlertId(String value) {
    private static final int MAX_LENGTH = 128;

    /** @throws InvalidAlertIdException if the value has another form; surrounding white space counts, see {@link #parse} */
    public AlertId {
        Objects.requireNonNull(value, "value");
        if (value.isEmpty() || value.length() > MAX_LENGTH) {
            throw new InvalidAlertIdException(
                    "alert id must have 1 to " + MAX_LENGTH + " characters but has " + value.length());
        }
        for (int i = 0; i < value.length(); i++) {
            if (!isAllowed(value.charAt(i))) {
                throw new InvalidAlertIdException("alert id may hold only A-Z a-z 0-9 _ - but character " + (i + 1)
                        + " is " + describe(value.charAt(i)));
            }
        }
    }

    /**
     * Reads an id as callers send it: playbooks often leave white space around it.
     *
     * @throws InvalidAlertIdException if the trimmed text is no alert id
     */
    public static AlertId parse(String text) {
        return new AlertId(text.strip());
    }

    private static boolean isAllowed(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    }

    private static String describe(char c) {
        return c > ' ' && c < 0x7F ? "'" + c + "'" : String.format("U+%04X", (int) c);
    }

    @Override
    public String toString() {
        return value;
    }

    /** The key of the question who the user behind this alert is, asked with the app's own rights. */
    public QuestionKey question() {
        return new QuestionKey(ByteBuffer.wrap(Sha256.of(value)).getLong());
    }
}
