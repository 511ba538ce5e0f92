package dev.alertuser.service.user;

import dev.alertuser.service.alert.AlertId;
import dev.alertuser.service.alert.Sha256;
import dev.alertuser.service.budget.QuestionKey;
import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * A user whom the platform has signed in, with the token that says so.
 *
 * @param tenantId the token's {@code tid}
 * @param objectId the token's {@code oid}: with the tenant it names one person for good
 * @param token the access token for this app
 * @param expiry end of the token's life
 */
public record SignedInUser(String tenantId, String objectId, String token, Instant expiry) {

    /** Names the person, whatever the token: who else has it is the same person. */
    public String scope() {
        return "as|" + tenantId + "|" + objectId;
    }

    /** The key of the question who the user behind this alert is, asked with this person's rights. */
    public QuestionKey question(AlertId alertId) {
        return new QuestionKey(
                ByteBuffer.wrap(Sha256.of(scope() + "|" + alertId.value())).getLong());
    }

    /** Withholds who it is. */
    @Override
    public String toString() {
        return "SignedInUser[withheld]";
    }
}
