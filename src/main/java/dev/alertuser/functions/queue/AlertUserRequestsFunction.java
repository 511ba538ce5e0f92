package dev.alertuser.functions.queue;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.annotation.BindingName;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.QueueTrigger;
import dev.alertuser.Application;
import dev.alertuser.Application.QueueParts;
import dev.alertuser.Names;
import dev.alertuser.config.SettingsException;
import dev.alertuser.functions.http.AlertOutcome;
import dev.alertuser.functions.http.AlertOutcome.Outcome;
import dev.alertuser.functions.http.ApiError;
import dev.alertuser.functions.http.CallLog;
import dev.alertuser.functions.http.ErrorCode;
import dev.alertuser.payload.json.InvalidBodyException;
import dev.alertuser.payload.message.QueueText;
import dev.alertuser.payload.message.RequestMessage;
import dev.alertuser.service.alert.Correlation;
import dev.alertuser.service.port.MessageQueues;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/**
 * Looks up one queued alert and sends one result message, or defers the request.
 *
 * <p>Only an unusable answer of Defender counts as a failure: the platform delivers the message again, five times in all, and then hands it
 * to {@link AlertUserPoisonFunction}. Every other obstacle passes, so the request is deferred: a copy becomes visible when a retry is
 * worthwhile, and this message is deleted.
 */
public final class AlertUserRequestsFunction {
    private final QueueEdge edge;
    private final Supplier<QueueParts> parts;
    private final Supplier<MessageQueues> messages;
    private final InstantSource time;

    public AlertUserRequestsFunction() {
        this(new QueueEdge(Application::edge), Application::queue, Application::messages, InstantSource.system());
    }

    AlertUserRequestsFunction(
            QueueEdge edge, Supplier<QueueParts> parts, Supplier<MessageQueues> messages, InstantSource time) {
        this.edge = edge;
        this.parts = parts;
        this.messages = messages;
        this.time = time;
    }

    @FunctionName("AlertUserRequests")
    public void run(
            @QueueTrigger(name = "message", queueName = Names.REQUESTS_QUEUE, connection = "AzureWebJobsStorage")
                    String message,
            @BindingName(InsertionTime.NAME) String insertionTime,
            ExecutionContext context) {
        edge.run(context, log -> {
            Instant now = time.instant();
            String text = QueueText.decode(message);
            try {
                RequestMessage request = RequestMessage.read(text);
                Instant insertedAt = InsertionTime.of(insertionTime, message, now);
                lookUp(request, insertedAt, now, context, log);
            } catch (InvalidBodyException e) {
                ResultMessage result = invalid(text, e, now);
                result.describeIn(log);
                messages.get().results().send(result.toText(), Duration.ZERO);
            }
        });
    }

    private void lookUp(RequestMessage request, Instant insertedAt, Instant now, ExecutionContext context, CallLog log)
            throws InterruptedException {
        Correlation correlation = correlation(request, context);
        log.correlation(correlation);
        QueueParts queue;
        try {
            queue = parts.get();
        } catch (SettingsException e) {
            // The request is valid and storage is known, so it is deferred until the settings are corrected.
            RequestMessage believed = request.believedAt(insertedAt, RequestMessage.LONGEST_AGE);
            Duration delay = Deferral.ofWrongSettings(believed.deferrals(), ThreadLocalRandom.current());
            log.wrongSettings(delay, e);
            messages.get().requests().send(believed.deferred(correlation.id()).toText(), delay);
            return;
        }
        RequestMessage believed = request.believedAt(insertedAt, queue.maxAge());
        new RequestHandler(queue, log, believed, now, correlation).run();
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
}
