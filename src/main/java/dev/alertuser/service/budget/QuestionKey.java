package dev.alertuser.service.budget;

import dev.alertuser.service.alert.AlertId;
import dev.alertuser.service.alert.Sha256;
import java.nio.ByteBuffer;

/**
 * What a permit is wanted for. Equal questions have equal keys on every instance, so a place in line is found again without a session.
 *
 * @param value the first 64 bits of a SHA-256, so that the row of the limiter shows no alert id
 */
public record QuestionKey(long value) {

    /** The key of the question who the user behind that alert is, asked with the app's own rights. */
    public static QuestionKey of(AlertId alertId) {
        return new QuestionKey(ByteBuffer.wrap(Sha256.of(alertId.value())).getLong());
    }
}
