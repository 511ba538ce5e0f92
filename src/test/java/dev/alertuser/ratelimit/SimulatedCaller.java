package dev.alertuser.ratelimit;

import java.util.List;

/** What became of a caller with one question; times in nanoseconds since the start. */
final class SimulatedCaller {
    long asked;

    /** When it was told for the first time to come back; 0 if it never was. */
    long answered;

    /** When it has to come back. */
    long told;

    /** How late it came back at last. */
    long late;

    /** When it had its permit; 0 if it has none yet. */
    long served;

    int visits;

    /** When it was told so. */
    long toldAt;

    /** Times that it came back in time and was not served within 5 s, though there was no pause meanwhile or shortly before. */
    int broken;

    boolean neverReturns;
    boolean comesInTime;

    /**
     * The share of pairs of which the one was told its time before the other came, and was served later by more than that time, its own lateness
     * apart.
     */
    static double overtaken(List<SimulatedCaller> callers, long permitTime) {
        long pairs = 0;
        long overtaken = 0;
        for (SimulatedCaller one : callers) {
            for (SimulatedCaller other : callers) {
                if (one.served > 0 && other.served > 0 && one.answered > 0 && one.answered < other.asked) {
                    pairs++;
                    overtaken += one.served - one.late - other.served > permitTime ? 1 : 0;
                }
            }
        }
        return pairs == 0 ? 0 : (double) overtaken / pairs;
    }
}
