package dev.alertuser.service.user;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.service.alert.AlertId;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SignedInUserTest {
    private static final AlertId ALERT = new AlertId("da1");
    private static final SignedInUser ADA = user("tenant", "ada", "token");

    @Test
    void asksAnotherQuestionThanAnybodyElse() {
        assertThat(ADA.question(ALERT))
                .isNotEqualTo(ALERT.question())
                .isNotEqualTo(user("tenant", "bob", "token").question(ALERT))
                .isNotEqualTo(user("other", "ada", "token").question(ALERT))
                .isNotEqualTo(ADA.question(new AlertId("da2")));
    }

    @Test
    void isTheSamePersonWithANewToken() {
        SignedInUser later = user("tenant", "ada", "new token");

        assertThat(later.scope()).isEqualTo(ADA.scope());
        assertThat(later.question(ALERT)).isEqualTo(ADA.question(ALERT));
    }

    @Test
    void isNotShown() {
        assertThat(ADA).asString().doesNotContain("ada", "tenant", "token");
    }

    private static SignedInUser user(String tenant, String objectId, String token) {
        return new SignedInUser(tenant, objectId, token, Instant.MAX);
    }
}
