package dev.alertuser.functions.budget;

import dev.alertuser.Names;
import dev.alertuser.payload.json.InvalidBodyException;
import dev.alertuser.payload.message.QueueText;
import dev.alertuser.payload.message.RequestMessage;
import dev.alertuser.service.port.QueueGauge;
import dev.alertuser.service.port.QueueState;
import dev.alertuser.service.port.QueueState.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;

/** The state of the app's queues. */
record Queues(QueueState requests, QueueState results, QueueState poison) {

    /** @throws dev.alertuser.service.port.MessageQueueException if they are out of reach */
    static Queues look(QueueGauge gauge) {
        return new Queues(
                gauge.look(Names.REQUESTS_QUEUE), gauge.look(Names.RESULTS_QUEUE), gauge.look(Names.POISON_QUEUE));
    }

    /** When the oldest request at the head of the queue was made, its deferrals included. A request that is deferred now is invisible. */
    Optional<Instant> oldestRequest(Duration maxAge) {
        return requests.first().stream()
                .map(message -> requestedAt(message, maxAge))
                .min(Comparator.naturalOrder());
    }

    private static Instant requestedAt(Waiting message, Duration maxAge) {
        try {
            RequestMessage request = RequestMessage.read(QueueText.decode(message.text()));
            return Objects.requireNonNull(
                    request.believedAt(message.insertedAt(), maxAge).firstSeen());
        } catch (InvalidBodyException e) {
            return message.insertedAt();
        }
    }
}
