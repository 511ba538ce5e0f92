package dev.alertuser.functions.queue;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.QueueTrigger;
import dev.alertuser.Application;
import dev.alertuser.Names;
import dev.alertuser.functions.http.AlertOutcome;
import dev.alertuser.functions.http.AlertOutcome.Outcome;
import dev.alertuser.functions.http.ApiError;
import dev.alertuser.functions.http.ErrorCode;
import dev.alertuser.payload.json.InvalidBodyException;
import dev.alertuser.payload.message.QueueText;
import dev.alertuser.payload.message.RequestMessage;
import dev.alertuser.service.port.MessageQueues;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;

/**
 * Turns a request that failed five times into a terminal result, which carries the request's text so that it can be sent again. Needs only
 * storage, so it works while other settings are wrong.
 */
public final class AlertUserPoisonFunction {
    private final QueueEdge edge;
    private final Supplier<MessageQueues> messages;
    private final InstantSource time;

    public AlertUserPoisonFunction() {
        this(new QueueEdge(Application::edge), Application::messages, InstantSource.system());
    }

    AlertUserPoisonFunction(QueueEdge edge, Supplier<MessageQueues> messages, InstantSource time) {
        this.edge = edge;
        this.messages = messages;
        this.time = time;
    }

    @FunctionName("AlertUserPoison")
    public void run(
            @QueueTrigger(name = "message", queueName = Names.POISON_QUEUE, connection = "AzureWebJobsStorage")
                    String message,
            ExecutionContext context) {
        edge.run(context, log -> {
            ResultMessage result = failed(QueueText.decode(message), time.instant());
            result.describeIn(log);
            messages.get().results().send(result.toText(), Duration.ZERO);
        });
    }

    private static ResultMessage failed(String message, Instant now) {
        ApiError error = ApiError.of(
                ErrorCode.INTERNAL_ERROR, "The request failed on each of the platform's attempts; see the app's log.");
        try {
            RequestMessage request = RequestMessage.read(message);
            Instant firstSeen =
                    request.believedAt(now, RequestMessage.LONGEST_AGE).firstSeen();
            return new ResultMessage(
                    AlertOutcome.withoutAnswer(request.alertId(), Outcome.FAILED, error),
                    request.correlationId(),
                    request.traceparent(),
                    firstSeen == null ? now : firstSeen,
                    now,
                    request.deferrals(),
                    message);
        } catch (InvalidBodyException e) {
            return new ResultMessage(
                    AlertOutcome.withoutAnswer(null, Outcome.FAILED, error),
                    e.correlationId(),
                    null,
                    now,
                    now,
                    0,
                    message);
        }
    }
}
