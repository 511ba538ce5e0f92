package dev.alertuser.defender;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.alertuser.service.alert.AlertUser;
import dev.alertuser.service.alert.LookupResult;
import dev.alertuser.service.alert.LookupResult.Deferred;
import dev.alertuser.service.alert.LookupResult.Found;
import dev.alertuser.service.alert.LookupResult.NotFound;
import dev.alertuser.service.alert.LookupResult.Origin;
import dev.alertuser.service.alert.LookupResult.Reason;
import dev.alertuser.service.alert.LookupResult.Rejected;
import dev.alertuser.service.alert.LookupResult.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Translates a response. The HTTP status decides, never {@code error.code}: a 429 has been seen with the code {@code "429"} where
 * the documentation says {@code TooManyRequests}.
 *
 * @see <a href="https://learn.microsoft.com/defender-endpoint/api/common-errors">Common REST API error codes</a>
 */
final class DefenderAnswers {
    /** Pause after a 429 that names none: the shorter of Defender's two windows. */
    private static final Duration THROTTLED = Duration.ofMinutes(1);

    /** Retry-After of a refusal: a person has to grant a missing role, and tokens without it stay valid for a while. */
    private static final Duration DENIED = Duration.ofMinutes(5);

    static final Duration FAILED = Duration.ofSeconds(30);

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** Members of which any one identifies a user. */
    private static final List<String> NAMES = List.of("id", "accountName", "accountSid");

    private static final Pattern CORRELATION_ID = Pattern.compile("[A-Za-z0-9-]{1,64}");

    private DefenderAnswers() {}

    static LookupResult read(DefenderResponse answer, Instant now) {
        return switch (answer.status()) {
            case 200 -> readUser(answer, now);
            case 400 -> new Rejected(origin(answer, now, correlationId(answer)));
            case 204, 404 -> new NotFound(origin(answer, now, correlationId(answer)));
            case 401, 403 -> deferred(answer, Reason.DEFENDER_ACCESS_DENIED, DENIED);
            case 408, 504 -> deferred(answer, Reason.DEFENDER_TIMEOUT, FAILED);
            case 429 -> deferred(answer, Reason.DEFENDER_THROTTLED, throttledFor(answer, now));
            default ->
                answer.status() >= 500
                        ? deferred(
                                answer,
                                Reason.DEFENDER_UNAVAILABLE,
                                RetryAfter.inHeader(answer.retryAfter(), now).orElse(FAILED))
                        : deferred(answer, Reason.DEFENDER_BAD_ANSWER, FAILED);
        };
    }

    /** A 200 does not prove that there is a user: Defender has been seen to answer 200 without one. */
    private static LookupResult readUser(DefenderResponse answer, Instant now) {
        if (answer.body() == null) {
            return badAnswer(answer);
        }
        String body = withoutByteOrderMark(answer.body());
        if (body.isBlank()) {
            return new NotFound(origin(answer, now, null));
        }
        JsonNode json = parse(body).filter(JsonNode::isObject).orElse(null);
        if (json == null || json.path("error").isObject()) {
            return badAnswer(answer);
        }
        return json.path("value").isArray()
                ? readCollection(answer, json.get("value"), now)
                : readUser(answer, body, json, now);
    }

    /** A collection in OData's form. An alert has one related user or none. */
    private static LookupResult readCollection(DefenderResponse answer, JsonNode users, Instant now) {
        if (users.isEmpty()) {
            return new NotFound(origin(answer, now, null));
        }
        JsonNode first = users.get(0);
        return users.size() == 1 && first.isObject()
                ? readUser(answer, first.toString(), first, now)
                : badAnswer(answer);
    }

    private static LookupResult readUser(DefenderResponse answer, String body, JsonNode json, Instant now) {
        return NAMES.stream().anyMatch(name -> isNamed(json.path(name)))
                ? new Found(user(body, json), origin(answer, now, null))
                : new NotFound(origin(answer, now, null));
    }

    /** A blank text counts as missing. */
    private static boolean isNamed(JsonNode member) {
        return member.isTextual() && !member.textValue().isBlank();
    }

    private static String withoutByteOrderMark(String body) {
        return body.startsWith("\uFEFF") ? body.substring(1) : body;
    }

    private static Deferred badAnswer(DefenderResponse answer) {
        return new Deferred(Reason.DEFENDER_BAD_ANSWER, FAILED, null, answer.status());
    }

    private static AlertUser user(String body, JsonNode json) {
        return new AlertUser(
                body,
                json.path("id").textValue(),
                json.path("accountName").textValue(),
                json.path("accountDomain").textValue(),
                json.path("accountSid").textValue());
    }

    private static Duration throttledFor(DefenderResponse answer, Instant now) {
        return RetryAfter.inHeader(answer.retryAfter(), now)
                .or(() -> RetryAfter.inText(answer.body()))
                .orElse(THROTTLED);
    }

    private static Deferred deferred(DefenderResponse answer, Reason reason, Duration retryAfter) {
        return new Deferred(reason, retryAfter, correlationId(answer), answer.status());
    }

    private static Origin origin(DefenderResponse answer, Instant now, @Nullable String correlationId) {
        return new Origin(Source.DEFENDER, now, correlationId, answer.status());
    }

    /** {@code error.target} of an error body: the id to quote to Microsoft's support. Nothing else of an error body is used. */
    private static @Nullable String correlationId(DefenderResponse answer) {
        if (answer.body() == null) {
            return null;
        }
        return parse(answer.body())
                .map(json -> json.path("error").path("target").textValue())
                .filter(target -> CORRELATION_ID.matcher(target).matches())
                .orElse(null);
    }

    private static Optional<JsonNode> parse(String body) {
        try {
            return Optional.ofNullable(JSON.readTree(body));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
