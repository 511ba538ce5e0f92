package dev.alertuser.functions.lookup;

import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.azure.functions.HttpStatus;
import dev.alertuser.functions.http.ApiError;
import dev.alertuser.functions.http.ErrorCode;
import dev.alertuser.functions.http.HttpCall;
import dev.alertuser.functions.http.Responses;
import dev.alertuser.payload.AlertIdHint;
import dev.alertuser.service.AnswerTtl;
import dev.alertuser.service.alert.AlertId;
import dev.alertuser.service.alert.LookupResult;
import dev.alertuser.service.alert.LookupResult.Found;
import dev.alertuser.service.alert.LookupResult.NotFound;
import dev.alertuser.service.alert.LookupResult.Source;
import dev.alertuser.service.alert.Sha256;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The HTTP response to one lookup: Defender's own answer, unchanged, with headers for caches. */
final class AlertUserResponse {
    private static final int ETAG_DIGITS = 32;

    private final HttpCall call;
    private final Responses responses;
    private final AnswerTtl ttl;
    private final Instant now;

    AlertUserResponse(HttpCall call, Responses responses, AnswerTtl ttl, Instant now) {
        this.call = call;
        this.responses = responses;
        this.ttl = ttl;
        this.now = now;
    }

    HttpResponseMessage of(AlertId alertId, LookupResult result) {
        return result.match(
                this::user,
                notFound -> noUser(alertId, notFound),
                rejected -> responses.error(ApiError.of(rejected)),
                deferred -> responses.error(ApiError.of(deferred)));
    }

    private HttpResponseMessage user(Found found) {
        String eTag = eTag(found.user().json());
        boolean known = isKnown(eTag, call.header("if-none-match"));
        HttpResponseMessage.Builder response = responses
                .respond(known ? HttpStatus.NOT_MODIFIED : HttpStatus.OK)
                .header("ETag", eTag)
                .header("Cache-Control", "private, max-age=" + ttl.found().toSeconds());
        if (found.origin().source() == Source.CACHED) {
            Duration age = Duration.between(found.origin().observedAt(), now);
            response.header("Age", Long.toString(Math.max(0, age.toSeconds())));
        }
        return known
                ? response.build()
                : response.header("Content-Type", Responses.JSON)
                        .body(found.user().json())
                        .build();
    }

    private HttpResponseMessage noUser(AlertId alertId, NotFound notFound) {
        return responses.error(new ApiError(
                ErrorCode.ALERT_OR_USER_NOT_FOUND,
                "Defender knows no alert " + alertId + ", or no user for it."
                        + AlertIdHint.of(alertId).map(hint -> " " + hint).orElse(""),
                null,
                notFound.origin().correlationId()));
    }

    /** Weak comparison, as RFC 9110 requires for If-None-Match. */
    private static boolean isKnown(String eTag, @Nullable String ifNoneMatch) {
        if (ifNoneMatch == null) {
            return false;
        }
        List<String> known = Arrays.stream(ifNoneMatch.split(","))
                .map(String::strip)
                .map(tag -> tag.startsWith("W/") ? tag.substring(2) : tag)
                .toList();
        return known.contains(eTag) || known.contains("*");
    }

    private static String eTag(String body) {
        return '"' + Sha256.hex(body).substring(0, ETAG_DIGITS) + '"';
    }
}
