package dev.alertuser.defender;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.alertuser.service.alert.LookupResult;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers of Defender, and of what stands before it, as they were seen in the field. */
class DefenderCasesTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "25-user-empty-strings, '', not found",
        "27-user-error-in-200, '', DEFENDER_BAD_ANSWER",
        "29-upstream-400, '', rejected 00000000-0000-4000-8000-000000000041",
        "30-html-503-and-redirects, /0, DEFENDER_UNAVAILABLE",
        "30-html-503-and-redirects, /1, DEFENDER_BAD_ANSWER"
    })
    void areRead(String name, String place, String expected) throws IOException {
        JsonNode input = new ObjectMapper().readTree(text(name)).at(place);

        assertThat(inWords(DefenderAnswers.read(answer(input), NOON))).isEqualTo(expected);
    }

    /** A status with a body, or the body of a success. */
    private static DefenderResponse answer(JsonNode input) {
        JsonNode body = input.has("status") ? input.get("body") : input;
        return new DefenderResponse(
                input.path("status").asInt(200), null, body.isTextual() ? body.textValue() : body.toString());
    }

    private static String inWords(LookupResult result) {
        return result.match(
                found -> "found",
                notFound -> "not found",
                rejected -> "rejected " + rejected.origin().correlationId(),
                deferred -> deferred.reason().name());
    }

    private static String text(String name) throws IOException {
        try (InputStream in = DefenderCasesTest.class.getResourceAsStream("/defender/" + name + ".json")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
