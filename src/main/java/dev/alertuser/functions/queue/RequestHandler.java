package dev.alertuser.functions.queue;

import dev.alertuser.Application.QueueParts;
import dev.alertuser.functions.http.AlertOutcome;
import dev.alertuser.functions.http.AlertOutcome.Outcome;
import dev.alertuser.functions.http.ApiError;
import dev.alertuser.functions.http.CallLog;
import dev.alertuser.functions.http.CallLog.Field;
import dev.alertuser.functions.http.ErrorCode;
import dev.alertuser.payload.message.RequestMessage;
import dev.alertuser.service.alert.Correlation;
import dev.alertuser.service.alert.LookupOutcome;
import dev.alertuser.service.alert.LookupRequest;
import dev.alertuser.service.alert.LookupResult;
import dev.alertuser.service.alert.LookupResult.Deferred;
import dev.alertuser.service.alert.LookupResult.Reason;
import dev.alertuser.service.budget.Priority;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;

/** Handles one queued request, which is answered, deferred, or expired. */
final class RequestHandler {
    /**
     * Maximum wait for a permit. Short, since a message that waits keeps the function from others that need no permit; long enough that a
     * burst of permits does not cost a deferral each.
     */
    static final Duration WAIT = Duration.ofSeconds(5);

    private final QueueParts parts;
    private final CallLog log;
    private final RequestMessage request;
    private final Instant now;
    private final Instant requestedAt;
    private final Instant expiresAt;
    private final Correlation correlation;

    RequestHandler(QueueParts parts, CallLog log, RequestMessage request, Instant now, Correlation correlation) {
        this.parts = parts;
        this.log = log;
        this.request = request;
        this.now = now;
        this.requestedAt = Objects.requireNonNull(request.firstSeen());
        this.expiresAt = requestedAt.plus(parts.maxAge());
        this.correlation = correlation;
    }

    void run() throws InterruptedException {
        log.put(Field.DEFERRALS, request.deferrals());
        log.put(Field.AGE_SECONDS, Duration.between(requestedAt, now).toSeconds());
        if (now.isAfter(expiresAt)) {
            expire("It waited in the queue too long.");
            return;
        }
        LookupOutcome outcome = parts.service()
                .find(new LookupRequest(request.alertId(), Priority.BACKLOG, WAIT, now, false, correlation));
        log.lookup(request.alertId(), outcome);
        LookupResult result = outcome.result();
        if (result instanceof Deferred deferred) {
            defer(deferred);
        } else {
            end(AlertOutcome.of(request.alertId(), result));
        }
    }

    private void defer(Deferred deferred) {
        ApiError obstacle = ApiError.of(deferred);
        if (deferred.reason() == Reason.DEFENDER_BAD_ANSWER) {
            // An exception counts as an attempt, so the platform's dequeue count bounds the repetitions.
            throw new IllegalStateException(obstacle.message());
        }
        Duration delay = Deferral.delay(deferred, request.deferrals(), ThreadLocalRandom.current());
        // A copy that becomes visible only after the request has expired would be in vain.
        if (now.plus(delay).isAfter(expiresAt)) {
            expire(obstacle.message());
            return;
        }
        log.put(Field.RETRY_AFTER_SECONDS, delay.toSeconds());
        parts.messages().requests().send(request.deferred(correlation.id()).toText(), delay);
    }

    private void expire(String obstacle) {
        ApiError error = ApiError.of(
                ErrorCode.REQUEST_EXPIRED, "There was no answer within " + parts.maxAge() + ". " + obstacle);
        end(AlertOutcome.withoutAnswer(request.alertId(), Outcome.EXPIRED, error));
    }

    private void end(AlertOutcome alert) {
        ResultMessage result = new ResultMessage(
                alert,
                correlation.id(),
                correlation.traceparent(),
                requestedAt,
                parts.time().instant(),
                request.deferrals(),
                null);
        result.describeIn(log);
        parts.messages().results().send(result.toText(), Duration.ZERO);
    }
}
