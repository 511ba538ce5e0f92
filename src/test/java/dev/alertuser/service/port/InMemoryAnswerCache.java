package dev.alertuser.service.port;

import dev.alertuser.service.alert.AlertId;
import dev.alertuser.service.alert.LookupResult;
import dev.alertuser.service.alert.LookupResult.Found;
import dev.alertuser.service.alert.LookupResult.NotFound;
import dev.alertuser.service.alert.LookupResult.Origin;
import dev.alertuser.service.alert.LookupResult.Rejected;
import dev.alertuser.service.alert.LookupResult.Source;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** An answer cache in memory that counts what it is asked. Thread-safe. */
public final class InMemoryAnswerCache implements AnswerCache {
    private final Map<AlertId, LookupResult> answers = new HashMap<>();
    private int reads;

    @Override
    public synchronized Optional<LookupResult> find(AlertId alertId, Instant notBefore) {
        reads++;
        return Optional.ofNullable(answers.get(alertId))
                .filter(answer -> !origin(answer).observedAt().isBefore(notBefore));
    }

    @Override
    public synchronized void put(AlertId alertId, LookupResult answer) {
        answers.put(
                alertId,
                answer.match(
                        found -> new Found(found.user(), cached(found.origin())),
                        notFound -> new NotFound(cached(notFound.origin())),
                        rejected -> new Rejected(cached(rejected.origin())),
                        deferred -> {
                            throw new IllegalArgumentException("a deferral cannot be cached");
                        }));
    }

    public synchronized int reads() {
        return reads;
    }

    private static Origin origin(LookupResult answer) {
        return answer.match(Found::origin, NotFound::origin, Rejected::origin, deferred -> {
            throw new AssertionError();
        });
    }

    private static Origin cached(Origin origin) {
        return new Origin(Source.CACHED, origin.observedAt(), origin.correlationId());
    }
}
