package dev.alertuser.functions.webhook;

import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.azure.functions.HttpStatus;
import dev.alertuser.functions.http.ErrorCode;
import dev.alertuser.functions.http.HttpCall;
import dev.alertuser.functions.http.Json;
import dev.alertuser.functions.http.RequestException;
import dev.alertuser.functions.http.Responses;
import dev.alertuser.service.alert.CorrelationIds;
import java.util.Map;

/** The validation requests by which senders check, before they deliver, that this endpoint wants their events. */
final class Handshake {
    private static final int LONGEST_TOKEN = 4096;

    private final HttpCall call;
    private final Responses responses;

    Handshake(HttpCall call, Responses responses) {
        this.call = call;
        this.responses = responses;
    }

    /**
     * CloudEvents validates with {@code OPTIONS}. Any sender with the function key may deliver; the rate is what the budget can serve.
     *
     * @see <a href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/http-webhook.md#4-abuse-protection">Abuse protection</a>
     */
    HttpResponseMessage cloudEvents(long callsPerMinute) {
        HttpResponseMessage.Builder response = responses.respond(HttpStatus.OK).header("Allow", "POST, OPTIONS");
        String origin = call.header("webhook-request-origin");
        if (origin != null && CorrelationIds.isValid(origin)) {
            response.header("WebHook-Allowed-Origin", origin)
                    .header("WebHook-Allowed-Rate", Long.toString(callsPerMinute));
        }
        return response.build();
    }

    boolean isGraph() {
        return call.query("validationToken") != null;
    }

    /**
     * Microsoft Graph expects its token back as plain text within 10 seconds. Angle brackets are escaped, so that no client renders a
     * forged token as a page.
     *
     * @see <a href="https://learn.microsoft.com/graph/change-notifications-delivery-webhooks">Delivery through webhooks</a>
     */
    HttpResponseMessage graph() {
        String token = String.valueOf(call.query("validationToken"));
        if (token.length() > LONGEST_TOKEN) {
            throw new RequestException(
                    ErrorCode.INVALID_REQUEST_BODY,
                    "validationToken must have at most " + LONGEST_TOKEN + " characters but has " + token.length());
        }
        return responses
                .respond(HttpStatus.OK)
                .header("Content-Type", "text/plain; charset=utf-8")
                .header("Cache-Control", "no-store")
                .body(token.replace("<", "&lt;").replace(">", "&gt;"))
                .build();
    }

    boolean isEventGrid() {
        return "SubscriptionValidation".equalsIgnoreCase(call.header("aeg-event-type"));
    }

    /** Event Grid expects its code back with {@code 200} and accepts no other status. */
    HttpResponseMessage eventGrid() {
        String code = SubscriptionValidation.code(call.body())
                .orElseThrow(() -> new RequestException(
                        ErrorCode.INVALID_REQUEST_BODY,
                        "the body of a SubscriptionValidation must be an array of one"
                                + " Microsoft.EventGrid.SubscriptionValidationEvent with data.validationCode"));
        return responses.json(HttpStatus.OK, Json.object().put("validationResponse", code), Map.of());
    }
}
