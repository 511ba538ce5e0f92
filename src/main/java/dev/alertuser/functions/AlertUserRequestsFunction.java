package dev.alertuser.functions;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.annotation.BindingName;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.QueueTrigger;
import dev.alertuser.Application;
import dev.alertuser.Lazy;
import dev.alertuser.SettingsException;
import dev.alertuser.functions.AlertOutcome.Outcome;
import dev.alertuser.functions.CallLog.Field;
import dev.alertuser.payload.InvalidBodyException;
import dev.alertuser.payload.RequestMessage;
import dev.alertuser.service.Correlation;
import dev.alertuser.service.LookupOutcome;
import dev.alertuser.service.LookupRequest;
import dev.alertuser.service.LookupResult;
import dev.alertuser.service.LookupResult.Deferred;
import dev.alertuser.service.LookupResult.Reason;
import dev.alertuser.service.MessageQueues;
import dev.alertuser.service.Priority;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Looks one queued alert up and sends one result message, or puts the request off.
 *
 * <p>Only an answer that cannot be used counts as a failure: the platform gives the message out again, five times in all, and then hands it
 * to {@link AlertUserPoisonFunction}. Whatever else stands in the way passes, so the request is put off: a copy becomes visible when it is
 * worthwhile, and this message is done.
 */
public final class AlertUserRequestsFunction {
    /** A permit that is due soon is worth waiting for: it costs less than putting the message off. */
    private static final Duration WAIT = Duration.ofSeconds(30);

    private final Lazy<Application> application;
    private final Lazy<MessageQueues> messages;
    private final InstantSource time;

    public AlertUserRequestsFunction() {
        this(Application.process(), Application.processMessages(), InstantSource.system());
    }

    AlertUserRequestsFunction(Lazy<Application> application, Lazy<MessageQueues> messages, InstantSource time) {
        this.application = application;
        this.messages = messages;
        this.time = time;
    }

    @FunctionName("AlertUserRequests")
    public void run(
            @QueueTrigger(name = "message", queueName = Application.REQUESTS_QUEUE, connection = "AzureWebJobsStorage")
                    String message,
            @BindingName(InsertionTime.NAME) String insertionTime,
            ExecutionContext context) {
        QueueEdge.run(application, context, log -> {
            Instant now = time.instant();
            String text = QueueText.decode(message);
            try {
                RequestMessage request = RequestMessage.read(text);
                Instant insertedAt = InsertionTime.of(insertionTime, message, now);
                lookUp(request, insertedAt, now, context, log);
            } catch (InvalidBodyException e) {
                ResultMessage result = invalid(text, e, now);
                log.result(result);
                messages.get().results().send(result.toText(), Duration.ZERO);
            }
        });
    }

    private void lookUp(RequestMessage request, Instant insertedAt, Instant now, ExecutionContext context, CallLog log)
            throws InterruptedException {
        Correlation correlation = correlation(request, context);
        log.correlation(correlation);
        Application app;
        try {
            app = application.get();
        } catch (SettingsException e) {
            // Nothing is wrong with the request, and storage is known: it waits until the settings are mended.
            RequestMessage believed = request.believedAt(insertedAt, RequestMessage.LONGEST_AGE);
            Duration delay = Deferral.ofWrongSettings(believed.deferrals(), ThreadLocalRandom.current());
            log.wrongSettings(delay, e);
            messages.get().requests().send(believed.putOff(correlation.id()).toText(), delay);
            return;
        }
        RequestMessage believed = request.believedAt(insertedAt, app.settings().requestMaxAge());
        new Lookup(app, log, believed, now, correlation).run();
    }

    private static Correlation correlation(RequestMessage request, ExecutionContext context) {
        String given = request.correlationId();
        String trace = request.traceparent();
        return new Correlation(
                given == null ? context.getInvocationId() : given,
                trace == null ? context.getTraceContext().getTraceparent() : trace);
    }

    private static ResultMessage invalid(String message, InvalidBodyException e, Instant now) {
        ApiError error = ApiError.of(ErrorCode.of(e.reason()), e.getMessage());
        return new ResultMessage(
                AlertOutcome.withoutAnswer(null, Outcome.INVALID, error),
                e.correlationId(),
                null,
                now,
                now,
                0,
                message);
    }

    /** One request on its way to a result. */
    private static final class Lookup {
        private final Application app;
        private final CallLog log;
        private final RequestMessage request;
        private final Instant now;
        private final Instant requestedAt;
        private final Instant expiresAt;
        private final Correlation correlation;

        Lookup(Application app, CallLog log, RequestMessage request, Instant now, Correlation correlation) {
            this.app = app;
            this.log = log;
            this.request = request;
            this.now = now;
            this.requestedAt = Objects.requireNonNull(request.firstSeen());
            this.expiresAt = requestedAt.plus(app.settings().requestMaxAge());
            this.correlation = correlation;
        }

        void run() throws InterruptedException {
            log.put(Field.DEFERRALS, request.deferrals());
            log.put(Field.AGE_SECONDS, Duration.between(requestedAt, now).toSeconds());
            if (now.isAfter(expiresAt)) {
                expire("It lay in the queue too long.");
                return;
            }
            LookupOutcome outcome = app.service()
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
                throw new IllegalStateException(obstacle.message());
            }
            Duration delay = Deferral.delay(deferred, request.deferrals(), ThreadLocalRandom.current());
            if (now.plus(delay).isAfter(expiresAt)) {
                expire(obstacle.message());
                return;
            }
            log.put(Field.RETRY_AFTER_SECONDS, delay.toSeconds());
            app.messages().requests().send(request.putOff(correlation.id()).toText(), delay);
        }

        private void expire(String obstacle) {
            ApiError error = ApiError.of(
                    ErrorCode.REQUEST_EXPIRED,
                    "There was no answer within " + app.settings().requestMaxAge() + ". " + obstacle);
            end(AlertOutcome.withoutAnswer(request.alertId(), Outcome.EXPIRED, error));
        }

        private void end(AlertOutcome alert) {
            ResultMessage result = new ResultMessage(
                    alert,
                    correlation.id(),
                    correlation.traceparent(),
                    requestedAt,
                    app.time().instant(),
                    request.deferrals(),
                    null);
            log.result(result);
            app.messages().results().send(result.toText(), Duration.ZERO);
        }
    }
}
