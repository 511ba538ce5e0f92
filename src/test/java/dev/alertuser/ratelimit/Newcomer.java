package dev.alertuser.ratelimit;

import dev.alertuser.service.budget.Priority;
import dev.alertuser.service.budget.QuestionKey;
import dev.alertuser.service.budget.RateLimiter;
import dev.alertuser.service.budget.RateLimiter.Decision;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** Callers that each ask a question of their own, so none of them has a place in line yet. */
public final class Newcomer {
    /** Begins anywhere, so that processes that share a counter share no question. */
    private static final AtomicLong ASKED = new AtomicLong(new Random().nextLong());

    private Newcomer() {}

    public static QuestionKey question() {
        return new QuestionKey(ASKED.incrementAndGet());
    }

    public static Decision acquire(RateLimiter limiter, Priority priority, Duration maxWait)
            throws InterruptedException {
        return limiter.acquire(question(), priority, maxWait);
    }
}
