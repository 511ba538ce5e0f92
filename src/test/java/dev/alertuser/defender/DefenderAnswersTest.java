package dev.alertuser.defender;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.service.alert.LookupResult;
import dev.alertuser.service.alert.LookupResult.Deferred;
import dev.alertuser.service.alert.LookupResult.Found;
import dev.alertuser.service.alert.LookupResult.NotFound;
import dev.alertuser.service.alert.LookupResult.Reason;
import java.time.Duration;
import java.time.Instant;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.assertj.core.api.AbstractIntegerAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DefenderAnswersTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    /** Nothing that stands before Defender can pass for it: a page, a redirect or a status of its own settles no lookup. */
    @Property
    void settlesALookupByFourStatusesOnly(
            @ForAll("statuses") int status, @ForAll String retryAfter, @ForAll("bodies") String body) {
        LookupResult result = DefenderAnswers.read(new DefenderResponse(status, retryAfter, body), NOON);

        AbstractIntegerAssert<?> assertStatus = assertThat(status);
        result.match(
                found -> assertStatus.isEqualTo(200),
                notFound -> assertStatus.isIn(200, 204, 404),
                rejected -> assertStatus.isEqualTo(400),
                deferred -> assertStatus.isNotIn(204, 400, 404));
    }

    @Property
    void saysOfEveryOtherAnswerWhatItWasAndWhenToComeBack(
            @ForAll("statuses") int status, @ForAll String retryAfter, @ForAll("bodies") String body) {
        if (DefenderAnswers.read(new DefenderResponse(status, retryAfter, body), NOON) instanceof Deferred deferred) {
            assertThat(deferred.reason().name()).startsWith("DEFENDER_");
            assertThat(deferred.status()).isEqualTo(status);
            assertThat(deferred.retryAfter()).isBetween(Duration.ofSeconds(1), Duration.ofHours(2));
        }
    }

    @Provide
    Arbitrary<Integer> statuses() {
        return Arbitraries.oneOf(
                Arbitraries.of(200, 204, 302, 400, 401, 403, 404, 408, 429, 500, 503, 504),
                Arbitraries.integers().between(100, 999));
    }

    @Provide
    Arbitrary<String> bodies() {
        return Arbitraries.oneOf(
                Arbitraries.strings(),
                Arbitraries.of(
                        "{\"id\":\"x\"}",
                        "{\"value\":[{\"id\":\"x\"}]}",
                        "{\"value\":[]}",
                        "{\"error\":{\"code\":\"NotFound\",\"target\":\"c-1\"}}",
                        "<html></html>",
                        "[]"));
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
