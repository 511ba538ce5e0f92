package dev.alertuser.service.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What became of one lookup. */
public sealed interface LookupResult {

    /** There is a user. */
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

    /** Defender knows no such alert, or no user for it: its answers do not tell the two apart. */
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

    /** HTTP 400: Defender does not take this for an alert id. It says so as often as it is asked. */
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
     * Nothing was decided.
     *
     * @param retryAfter how long asking again is pointless; never negative
     * @param correlationId Defender's own id of the failed call, to quote to its support; null when it gave none
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
        /** Our own budget has no permit within the wait. */
        BUDGET_EXHAUSTED,
        /** The counter of our budget was lost or damaged. Until it counts reliably again, nothing is sent. */
        BUDGET_RECOVERING,
        /** The table that holds the budget is out of reach, and without a permit nothing is sent. */
        BUDGET_UNAVAILABLE,
        /** An equal question is being asked, and takes longer than this caller waits. */
        SAME_QUESTION_UNDER_WAY,
        /** No token for Defender could be had. */
        IDENTITY_UNAVAILABLE,
        /** HTTP 429: Defender counts more calls than we do; all instances pause. */
        DEFENDER_THROTTLED,
        /** HTTP 401 or 403: the role is missing, or the token is not meant for Defender. */
        DEFENDER_ACCESS_DENIED,
        /** An answer that is no JSON object, is too large, or has a status that this call does not have. */
        DEFENDER_BAD_ANSWER,
        /** HTTP 5xx, or no connection. */
        DEFENDER_UNAVAILABLE,
        /** No answer in time. */
        DEFENDER_TIMEOUT;

        /**
         * Whether waiting alone may settle the lookup. A refusal lasts until somebody grants the role, and an unusable answer is Defender's last
         * word for now: each needs somebody to look at it.
         */
        public boolean passes() {
            return this != DEFENDER_ACCESS_DENIED && this != DEFENDER_BAD_ANSWER;
        }
    }

    /**
     * Where an answer comes from.
     *
     * @param observedAt when Defender gave it
     * @param correlationId Defender's own id of the call; null when it gave none
     * @param status HTTP status of Defender's answer; 0 when it is not kept
     */
    record Origin(
            Source source, Instant observedAt, @Nullable String correlationId, int status) {
        public Origin(Source source, Instant observedAt, @Nullable String correlationId) {
            this(source, observedAt, correlationId, 0);
        }
    }

    /** Whether an answer cost a permit. */
    enum Source {
        DEFENDER,
        CACHED
    }

    /** Calls the function of this case. A new case then fails to compile at every caller. */
    <T> T match(
            Function<Found, T> found,
            Function<NotFound, T> notFound,
            Function<Rejected, T> rejected,
            Function<Deferred, T> deferred);
}
