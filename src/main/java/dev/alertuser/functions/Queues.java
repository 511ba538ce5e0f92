package dev.alertuser.functions;

import dev.alertuser.Application;
import dev.alertuser.payload.InvalidBodyException;
import dev.alertuser.payload.RequestMessage;
import dev.alertuser.service.QueueGauge;
import dev.alertuser.service.QueueState;
import dev.alertuser.service.QueueState.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;

/** The app's queues as they were found. */
record Queues(QueueState requests, QueueState results, QueueState poison) {

    /** @throws dev.alertuser.service.MessageQueueException if they are out of reach */
    static Queues look(QueueGauge gauge) {
        return new Queues(
                gauge.look(Application.REQUESTS_QUEUE),
                gauge.look(Application.RESULTS_QUEUE),
                gauge.look(Application.POISON_QUEUE));
    }

    /** When the oldest of the requests at the head was made, putting off included. A request that is put off now is not seen. */
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
