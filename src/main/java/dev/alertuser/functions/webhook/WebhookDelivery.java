package dev.alertuser.functions.webhook;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.azure.functions.HttpStatus;
import dev.alertuser.Application.WebhookParts;
import dev.alertuser.config.ClientState;
import dev.alertuser.functions.http.CallLog;
import dev.alertuser.functions.http.ErrorCode;
import dev.alertuser.functions.http.HttpCall;
import dev.alertuser.functions.http.Json;
import dev.alertuser.functions.http.LeftOutJson;
import dev.alertuser.functions.http.RequestException;
import dev.alertuser.functions.http.Responses;
import dev.alertuser.payload.AlertIds;
import dev.alertuser.payload.FoundId;
import dev.alertuser.payload.message.RequestMessage;
import dev.alertuser.service.alert.AlertId;
import dev.alertuser.service.alert.Correlation;
import dev.alertuser.service.alert.LeftOut;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Queues the alerts of one delivery, a message for each, and names them in a {@code 202}, with the parts that were left out. A delivery
 * without any alert is a success with nothing accepted: after a client error senders drop the delivery or penalise the endpoint. The answer
 * does not say where outcomes can be read: they go to the results queue, and the webhook's key, which senders store, must not give access
 * to users. After any failure a sender delivers again, which does no harm.
 */
final class WebhookDelivery {
    private final WebhookParts parts;
    private final HttpCall call;
    private final Responses responses;
    private final Correlation correlation;

    WebhookDelivery(WebhookParts parts, HttpCall call, Responses responses) {
        this.parts = parts;
        this.call = call;
        this.responses = responses;
        this.correlation = call.correlation();
    }

    HttpResponseMessage accept() throws InterruptedException {
        AlertIds ids = call.alertIds();
        checkClientState(ids);
        List<AlertId> alertIds = ids.found().stream().map(FoundId::alertId).toList();
        ObjectNode body = Json.object();
        ArrayNode accepted = body.putArray("accepted");
        alertIds.forEach(alertId -> accepted.add(alertId.value()));
        LeftOut leftOut = LeftOutJson.of(ids);
        body.set("skipped", LeftOutJson.skipped(leftOut));
        body.set("rejected", LeftOutJson.invalid(leftOut));
        call.log().put(CallLog.Field.ALERTS, alertIds.size());
        call.log().put(CallLog.Field.SKIPPED, leftOut.skipped() + leftOut.invalid());
        parts.parallel().map(ids.found(), this::queue);
        return responses.json(alertIds.isEmpty() ? HttpStatus.OK : HttpStatus.ACCEPTED, body, Map.of());
    }

    /** Ids of the envelope take precedence over those of the request, which may carry many envelopes. */
    private AlertId queue(FoundId found) {
        String correlationId = found.correlationId() == null ? correlation.id() : found.correlationId();
        String traceparent = found.traceparent() == null ? correlation.traceparent() : found.traceparent();
        RequestMessage message = new RequestMessage(found.alertId(), correlationId, traceparent, null, 0);
        parts.requests().send(message.toText(), Duration.ZERO);
        return found.alertId();
    }

    /**
     * Refuses the whole delivery on a mismatch. Microsoft Graph repeats a refused delivery for some hours, so nothing is lost while the
     * secret is changed in one place only.
     */
    private void checkClientState(AlertIds ids) {
        ClientState expected = parts.clientState();
        if (expected != null && !ids.clientStates().stream().allMatch(expected::isGivenAs)) {
            throw new RequestException(
                    ErrorCode.CLIENT_STATE_MISMATCH,
                    "The clientState of a change notification differs from this app's setting"
                            + " GRAPH_CLIENT_STATE; nothing of this delivery was accepted.");
        }
    }
}
