package dev.alertuser.ratelimit.counter;

import dev.alertuser.service.budget.QuestionKey;

/**
 * A permit that is promised to a question and not charged yet. It may be claimed at any moment from its slot to {@link #LIFE} after it, and is
 * counted at all of them.
 *
 * @param slot storage time in milliseconds
 * @param claimed true once a caller has the permit, which is counted in the log from then on. The place is kept to its end, for a caller of
 *     the same question on another instance: the answer comes soon
 */
public record Place(long slot, QuestionKey question, boolean claimed) {
    /**
     * Milliseconds after its slot that a place can be claimed. A caller may be 10 s late; the rest is for the time that it was told in whole
     * seconds, for what was not known of the time then, and for the way of its answer and of its next request.
     */
    public static final int LIFE = 13_000;

    Place(long slot, QuestionKey question) {
        this(slot, question, false);
    }

    Place at(long later) {
        return new Place(later, question, claimed);
    }

    /** Claimed by a permit of that slot. */
    Place claim(long slot) {
        return new Place(slot, question, true);
    }

    /** The last moment at which it may be claimed. */
    public long end() {
        return slot + LIFE;
    }
}
