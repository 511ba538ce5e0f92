package dev.alertuser.functions.lookup;

import dev.alertuser.service.budget.QuestionKey;
import dev.alertuser.service.budget.RateLimiter.Cause;
import dev.alertuser.service.budget.RateLimiter.Decision;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** What a limiter promises: each question has one place in line, which lapses 10 s after its time. */
final class GivenLine {
    private static final Duration CLAIM_TIME = Duration.ofSeconds(10);

    private final Duration apart;
    private final Map<QuestionKey, Instant> places = new HashMap<>();
    private Instant next;
    private int lapsed;
    private int longest;

    /** @param first time of the next place, those after it being {@code apart} */
    GivenLine(Instant first, Duration apart) {
        this.next = first;
        this.apart = apart;
    }

    /** Waits for no place. */
    synchronized Decision acquire(QuestionKey question, Instant now) {
        Instant place = places.get(question);
        if (place != null && now.isAfter(place.plus(CLAIM_TIME))) {
            lapsed++;
            places.remove(question);
            place = null;
        }
        if (place == null) {
            place = next.isBefore(now) ? now : next;
            next = place.plus(apart);
            places.put(question, place);
            longest = Math.max(longest, places.size());
        }
        if (now.isBefore(place)) {
            return new Decision.Denied(Duration.between(now, place), Cause.QUOTA);
        }
        places.remove(question);
        return new Decision.Granted(() -> true);
    }

    /** How many places nobody came for in time. */
    synchronized int lapsed() {
        return lapsed;
    }

    /** The most places at a time. */
    synchronized int longest() {
        return longest;
    }
}
