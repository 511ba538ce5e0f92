package dev.alertuser.defender;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.service.alert.LookupResult;
import dev.alertuser.service.alert.LookupResult.Deferred;
import dev.alertuser.service.alert.LookupResult.Found;
import dev.alertuser.service.alert.LookupResult.NotFound;
import dev.alertuser.service.alert.LookupResult.Reason;
import java.time.Duration;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DefenderAnswersTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    @Property
    void everyAnswerHasAMeaning(
            @ForAll @IntRange(min = 100, max = 999) int status, @ForAll String retryAfter, @ForAll String body) {
        LookupResult result = DefenderAnswers.read(new DefenderResponse(status, retryAfter, body), NOON);

        if (result instanceof Deferred deferred) {
            assertThat(deferred.retryAfter()).isPositive();
        }
    }

    @Test
    void deeplyNestedJsonIsABadAnswer() {
        String body = "{\"a\":" + "[".repeat(20_000) + "]".repeat(20_000) + "}";

        assertThat(DefenderAnswers.read(new DefenderResponse(200, null, body), NOON))
                .isEqualTo(new Deferred(Reason.DEFENDER_BAD_ANSWER, Duration.ofSeconds(30), null, 200));
    }

    @Test
    void membersOfAnotherTypeReadAsNull() {
        String body = """
                {"id":"x","accountName":["a"],"accountDomain":{"b":1},"accountSid":true,"unknown":{"c":[null]}}""";

        Found found = (Found) DefenderAnswers.read(new DefenderResponse(200, null, body), NOON);

        assertThat(found.user().accountName()).isNull();
        assertThat(found.user().accountDomain()).isNull();
        assertThat(found.user().accountSid()).isNull();
        assertThat(found.user().json()).isEqualTo(body);
    }

    @Test
    void keepsTheTargetOfAnErrorAsCorrelationId() {
        String body =
                "{\"error\":{\"code\":\"x\",\"message\":\"y\",\"target\":\"43f4cb08-8fac-4b65-9db1-745c2ae65f3a\"}}";

        NotFound notFound = (NotFound) DefenderAnswers.read(new DefenderResponse(404, null, body), NOON);

        assertThat(notFound.origin().correlationId()).isEqualTo("43f4cb08-8fac-4b65-9db1-745c2ae65f3a");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":{\"target\":\"contoso\\\\user1\"}}",
                "{\"error\":{\"target\":\"two words\"}}",
                "{\"error\":{\"target\":\"\"}}",
                "{\"error\":{\"target\":\"12345678901234567890123456789012345678901234567890123456789012345\"}}",
                "{\"error\":{\"target\":17}}",
                "{\"error\":\"text\"}",
                "[]",
                "<html></html>",
                ""
            })
    void keepsNothingElseOfAnError(String body) {
        Deferred deferred = (Deferred) DefenderAnswers.read(new DefenderResponse(500, null, body), NOON);

        assertThat(deferred.correlationId()).isNull();
    }

    @Test
    void anAnswerDoesNotPrintItsBody() {
        assertThat(new DefenderResponse(200, null, "{\"id\":\"contoso\\\\user1\"}"))
                .hasToString("DefenderResponse[status=200]");
    }
}
