package dev.alertuser.service.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The result of one lookup. */
public sealed interface LookupResult {

    /** Defender named a user. */
    record Found(AlertUser user, Origin origin) implements LookupResult {
        @Override
        public <T> T match(
                Function<Found, T> found,
                Function<NotFound, T> notFound,
                Function<Rejected, T> rejected,
                Function<Deferred, T> deferred) {
            return found.apply(this);
        }
    }

    /** Defender knows no such alert, or no user for it: its answers do not distinguish the two. */
    record NotFound(Origin origin) implements LookupResult {
        @Override
        public <T> T match(
                Function<Found, T> found,
                Function<NotFound, T> notFound,
                Function<Rejected, T> rejected,
                Function<Deferred, T> deferred) {
            return notFound.apply(this);
        }
    }

    /** HTTP 400: Defender does not accept this as an alert id, and repeating the call does not change that. */
    record Rejected(Origin origin) implements LookupResult {
        @Override
        public <T> T match(
                Function<Found, T> found,
                Function<NotFound, T> notFound,
                Function<Rejected, T> rejected,
                Function<Deferred, T> deferred) {
            return rejected.apply(this);
        }
    }

    /**
     * The lookup is not settled and has to be repeated.
     *
     * @param retryAfter time until a retry is worthwhile; never negative
     * @param correlationId Defender's own id of the failed call, to quote to Microsoft's support; null when it gave none
     * @param status HTTP status of Defender's answer; 0 when there was none
     */
    record Deferred(
            Reason reason, Duration retryAfter, @Nullable String correlationId, int status) implements LookupResult {
        public Deferred(Reason reason, Duration retryAfter, @Nullable String correlationId) {
            this(reason, retryAfter, correlationId, 0);
        }

        @Override
        public <T> T match(
                Function<Found, T> found,
                Function<NotFound, T> notFound,
                Function<Rejected, T> rejected,
                Function<Deferred, T> deferred) {
            return deferred.apply(this);
        }
    }

    /** Why a lookup was deferred. */
    enum Reason {
        /** The shared budget has no permit within the wait. */
        BUDGET_EXHAUSTED,
        /** The counter of the budget was lost or damaged. Until it counts reliably again, nothing is sent. */
        BUDGET_RECOVERING,
        /** The table that holds the budget is out of reach, and without a permit nothing is sent. */
        BUDGET_UNAVAILABLE,
        /** Single flight: an equal request is under way and takes longer than this caller waits. */
        SAME_QUESTION_UNDER_WAY,
        /** The identity endpoint gave no token for Defender. */
        IDENTITY_UNAVAILABLE,
        /** HTTP 429: Defender counts more calls than we do; all instances pause. */
        DEFENDER_THROTTLED,
        /** HTTP 401 or 403: the role is missing, or the token has another audience. */
        DEFENDER_ACCESS_DENIED,
        /** HTTP 401 or 403 to a user: the role or the device group is missing, for this alert at least. */
        DEFENDER_DENIES_USER,
        /** An answer that is no JSON object, is too large, or has a status that is not documented for this call. */
        DEFENDER_BAD_ANSWER,
        /** HTTP 5xx, or no connection. */
        DEFENDER_UNAVAILABLE,
        /** No answer in time. */
        DEFENDER_TIMEOUT;

        /**
         * Whether waiting alone may settle the lookup. False for a refusal, which lasts until somebody grants the role, and for an unusable
         * answer, which an operator has to look into.
         */
        public boolean passes() {
            return this != DEFENDER_ACCESS_DENIED && this != DEFENDER_DENIES_USER && this != DEFENDER_BAD_ANSWER;
        }
    }

    /**
     * Where an answer comes from.
     *
     * @param observedAt when Defender gave it
     * @param correlationId Defender's own id of the call; null when it gave none
     * @param status HTTP status of Defender's answer; 0 for a cached answer
     */
    record Origin(
            Source source, Instant observedAt, @Nullable String correlationId, int status) {
        public Origin(Source source, Instant observedAt, @Nullable String correlationId) {
            this(source, observedAt, correlationId, 0);
        }

        /** The same for an answer out of the cache, which does not hold the status. */
        public Origin cached() {
            return new Origin(Source.CACHED, observedAt, correlationId);
        }
    }

    /** Whether an answer cost a permit. */
    enum Source {
        DEFENDER,
        CACHED
    }

    /** Calls the function of this case. A new case fails to compile at every caller. */
    <T> T match(
            Function<Found, T> found,
            Function<NotFound, T> notFound,
            Function<Rejected, T> rejected,
            Function<Deferred, T> deferred);
}
