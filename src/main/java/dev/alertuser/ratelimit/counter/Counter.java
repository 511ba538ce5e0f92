package dev.alertuser.ratelimit.counter;

import dev.alertuser.service.budget.Priority;
import dev.alertuser.service.budget.QuestionKey;
import dev.alertuser.service.budget.RateLimiter.Cause;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The state that all instances share: one row. Immutable; reads no clock.
 *
 * <p>How it is designed, and why:
 *
 * <ol>
 *   <li><b>Which window?</b> The exact log of all permits, so the windows roll: no {@code permits + 1} consecutive slots lie within a
 *       window and its margin. Every kind of window that an upstream may count with follows from that one inequality. If calls arrive between
 *       d and D after their slot, and the margin is at least D - d, then no window of the upstream holds more than {@code permits}
 *       arrivals, wherever it begins; so fixed windows of any phase hold no more either. And since {@code ceil(t / window)} windows cover
 *       a stretch t, it sees at most {@code permits * (t / window + 1)} arrivals, which a full token bucket has tokens for.
 *   <li><b>What burst remains across a boundary?</b> None: there is no boundary. (A token bucket of 100 a minute lets 200 through in 60 s.)
 *   <li><b>Whose clock counts?</b> The storage service's ({@link dev.alertuser.ratelimit.store.StorageClock}), known as an interval. A permit that may be used at once
 *       is stamped with the interval's late end. Where the interval is wider than the margin has room for, the permit is logged with both
 *       ends, and counted at each moment between them.
 *   <li><b>What does a crash between permit and call cost?</b> That permit. It is never returned, since it cannot be known whether the call
 *       left.
 *   <li><b>Who comes first?</b> Who came first: a caller that is denied gets a {@link Place}, and a place counts as a permit for everybody
 *       else, at each moment at which it may be claimed ({@link Occupancy}). So a claim in time is legal, whatever others did meanwhile.
 *   <li><b>What when the table is out of reach?</b> No permit is granted. A permit that is stamped already may still be used, since it is charged.
 * </ol>
 *
 * @param version number of writes before this one; it may overflow, so two are compared by their difference
 * @param log slots of permits, those reserved ahead included
 * @param line places of questions whose callers were denied; the permit of one that is claimed is charged in the log
 * @param pause the last one; nothing may be sent in it
 * @param pacedUntil storage time up to which the backlog has used its even pace (the theoretical arrival time of GCRA)
 * @param deferredUntil storage time up to which turns were told to requests of the backlog that were put off; nothing is kept for them
 * @param commits the last writes' ids, newest first, by which a writer whose answer was lost finds out whether it landed
 * @param policies the policies of recent writers, each with the storage time of its last write: while settings change, the strictest holds
 */
public record Counter(
        long version,
        PermitLog log,
        Line line,
        Pause pause,
        long pacedUntil,
        long deferredUntil,
        List<UUID> commits,
        Map<QuotaPolicy, Long> policies) {
    public static final Counter EMPTY =
            new Counter(0, PermitLog.EMPTY, Line.EMPTY, Pause.NONE, 0, 0, List.of(), Map.of());

    /** Ten writes of others a second while one instance waits twice for storage, 3 s each time. They take a kibibyte of the row. */
    static final int MAX_COMMITS = 64;

    private static final int MAX_POLICIES = 4;

    /** Milliseconds after its last write that a policy still binds the others: longer than an instance that works is silent. */
    private static final long POLICY_LIFE = 600_000;

    /** Milliseconds by which what two instances know of the time may differ: a second and the longest round trips. */
    private static final long MAX_DOUBT = 10_000;

    public Counter {
        commits = List.copyOf(commits);
        policies = Collections.unmodifiableMap(new LinkedHashMap<>(policies));
    }

    /** The policy that binds a writer with the given one now. */
    public QuotaPolicy binding(QuotaPolicy own, TimeBounds now) {
        QuotaPolicy binding = own;
        for (Map.Entry<QuotaPolicy, Long> other : policies.entrySet()) {
            if (other.getValue() + POLICY_LIFE > now.early()) {
                binding = binding.strictest(other.getKey());
            }
        }
        return binding;
    }

    /** Storage time before which nothing may be sent; 0 when there never was a pause. */
    long pausedUntil() {
        return pause.until();
    }

    /** The first slot that a permit of this priority can have. */
    public long earliest(QuotaPolicy policy, Priority priority, TimeBounds now) {
        long notBefore = priority == Priority.INTERACTIVE
                ? pausedUntil()
                : Math.max(pausedUntil(), pacedUntil - policy.pacingLead());
        return Occupancy.of(log, line)
                .earliest(policy, priority, Math.max(stamp(policy, now), notBefore), doubt(policy, now));
    }

    private static long stamp(QuotaPolicy policy, TimeBounds now) {
        return Math.min(now.late(), now.early() + policy.clockSlack());
    }

    /** Milliseconds by which a permit may be used later than its slot, for all that is known of the time. */
    public static int doubt(QuotaPolicy policy, TimeBounds now) {
        return PermitLog.roundedDoubt(now.late() - stamp(policy, now));
    }

    /**
     * Storage time before which a caller that is denied now need not ask again: its slot, or the moment at which stricter limits of other
     * instances expire if that is sooner.
     */
    public long retryAt(QuotaPolicy own, Priority priority, long slot, TimeBounds now) {
        return policies.entrySet().stream()
                .filter(other -> !other.getKey().equals(own))
                .map(other -> other.getValue() + POLICY_LIFE)
                .filter(end -> end > now.early())
                .min(Long::compare)
                .map(freed -> Math.min(slot, Math.max(earliest(own, priority, now), freed)))
                .orElse(slot);
    }

    /** Charges one permit. */
    public Counter with(QuotaPolicy policy, Priority priority, long slot, TimeBounds now) {
        long paced =
                priority == Priority.INTERACTIVE ? pacedUntil : Math.max(pacedUntil, slot) + policy.pacingInterval();
        PermitLog charged = log.with(slot, doubt(policy, now), priority);
        return new Counter(version, charged, line, pause, paced, deferredUntil, commits, policies);
    }

    /**
     * With a place at the end of the line.
     *
     * @param slot from {@link #endOfLine}
     * @return empty if the line is full
     */
    public Optional<Counter> promised(QuotaPolicy policy, QuestionKey question, long slot, TimeBounds now) {
        return line.size() >= longestLine(policy) || slot > lastPlace(policy, now)
                ? Optional.empty()
                : Optional.of(with(line.with(new Place(slot, question))));
    }

    /** The slot of the next place: the first that can be promised for as long as a place can be claimed. */
    public long endOfLine(QuotaPolicy policy, TimeBounds now) {
        return Occupancy.of(log, line)
                .earliest(policy, Priority.INTERACTIVE, Math.max(stamp(policy, now), pausedUntil()), Place.LIFE);
    }

    private static int longestLine(QuotaPolicy policy) {
        return Math.min(Line.MOST, policy.longest().permits());
    }

    private long lastPlace(QuotaPolicy policy, TimeBounds now) {
        return Math.max(now.late(), pausedUntil()) + 2 * policy.longestSpan();
    }

    /** Without a place. */
    public Counter without(Place place) {
        return with(line.without(place));
    }

    /** With a place that is claimed; its permit has that slot, and is charged by itself. */
    public Counter claimed(Place place, long slot) {
        return with(line.without(place).with(place.claim(slot)));
    }

    /** Without the places that nobody can claim any more. */
    public Counter withoutLapsed(TimeBounds now) {
        return with(line.after(now.early()));
    }

    /**
     * With places that are legal under a policy: each keeps its slot, or is moved to a later one, and none overtakes another. The last ones are
     * dropped where the line is too long for that policy.
     */
    public Counter relaid(QuotaPolicy policy) {
        return line.size() == 0 ? this : with(relaid(policy, pausedUntil()));
    }

    private Line relaid(QuotaPolicy policy, long from) {
        Occupancy taken = Occupancy.of(log, Line.EMPTY);
        List<Place> places = new ArrayList<>();
        long slot = from;
        for (Place place : line.places().subList(0, Math.min(line.size(), longestLine(policy)))) {
            if (place.claimed()) {
                places.add(place);
                continue;
            }
            slot = taken.earliest(policy, Priority.INTERACTIVE, Math.max(place.slot(), slot), Place.LIFE);
            taken = taken.with(slot, slot + Place.LIFE);
            places.add(place.at(slot));
        }
        // Those that are claimed were not moved.
        places.sort(Comparator.comparingLong(Place::slot));
        return new Line(places);
    }

    private Counter with(Line next) {
        return next.equals(line)
                ? this
                : new Counter(version, log, next, pause, pacedUntil, deferredUntil, commits, policies);
    }

    /** With a turn told to a request of the backlog: the next one's is an interval of the even pace later. */
    public Counter deferred(QuotaPolicy policy, long turn) {
        long next = turn + policy.pacingInterval();
        return new Counter(version, log, line, pause, pacedUntil, next, commits, policies);
    }

    /**
     * With that pause, if it is the longer one. Places in it move to its end and later, in their order. After it the backlog rests for a further
     * window, and starts at its even pace, without a burst.
     */
    public Counter paused(Pause next, QuotaPolicy policy) {
        long paced = next.until() + policy.restAfterPause(Priority.BACKLOG) + policy.pacingLead();
        return next.until() <= pausedUntil()
                ? this
                : new Counter(
                        version,
                        log,
                        relaid(policy, next.until()),
                        next,
                        Math.max(pacedUntil, paced),
                        deferredUntil,
                        commits,
                        policies);
    }

    /**
     * With times capped at the latest that a sound clock can have written. Otherwise one write of a broken clock or a forger could stop all
     * instances for ever.
     *
     * @param own the policy of the reader
     */
    public Counter plausible(QuotaPolicy own, TimeBounds now) {
        long latest = now.late() + MAX_DOUBT;
        Map<QuotaPolicy, Long> writers = new LinkedHashMap<>();
        policies.forEach((policy, at) -> writers.put(policy, Math.min(at, latest)));
        Counter next = new Counter(version, log, line, pause, pacedUntil, deferredUntil, commits, writers);
        QuotaPolicy binding = next.binding(own, now);
        long longestPause = latest + Math.max(binding.longestSpan(), QuotaPolicy.HORIZON.toMillis());
        long longestPace = longestPause
                + binding.restAfterPause(Priority.BACKLOG)
                + binding.pacingLead()
                + binding.pacingInterval();
        return new Counter(
                version,
                log.notAfter(latest + QuotaPolicy.HORIZON.toMillis()),
                line.notAfter(longestPause + 2 * binding.longestSpan()),
                new Pause(Math.max(0, Math.min(pause.until(), longestPause)), pause.cause()),
                Math.max(0, Math.min(pacedUntil, longestPace)),
                Math.max(0, Math.min(deferredUntil, longestPace + QuotaPolicy.BACKLOG_HORIZON.toMillis())),
                commits,
                writers);
    }

    /** The same counter with another version. */
    public Counter at(long writes) {
        return new Counter(writes, log, line, pause, pacedUntil, deferredUntil, commits, policies);
    }

    /** True if this can only be a copy of the row from before that version. */
    public boolean isOlderThan(long other) {
        return version - other < 0;
    }

    /** The counter as one writer writes it: with its commit id and its policy, without entries that are too old to count. */
    public Counter committed(UUID commit, QuotaPolicy own, TimeBounds now) {
        Map<QuotaPolicy, Long> writers = new LinkedHashMap<>();
        writers.put(own, now.late());
        policies.forEach((policy, at) -> {
            if (at + POLICY_LIFE > now.early() && writers.size() < MAX_POLICIES) {
                writers.putIfAbsent(policy, at);
            }
        });
        long longest = writers.keySet().stream()
                .mapToLong(QuotaPolicy::longestSpan)
                .max()
                .orElseThrow();
        List<UUID> ids = new ArrayList<>(commits);
        ids.add(0, commit);
        return new Counter(
                version + 1,
                log.after(now.early() - longest - MAX_DOUBT)
                        .notAfter(now.late() + QuotaPolicy.HORIZON.toMillis() + MAX_DOUBT),
                line,
                pause,
                pacedUntil,
                deferredUntil,
                ids.subList(0, Math.min(ids.size(), MAX_COMMITS)),
                writers);
    }

    /**
     * The counter that replaces a lost or unreadable row, and with it the places in line: the longest window counts as evenly used, the shortest as used up. An empty log would
     * grant a whole quota once more.
     */
    public static Counter assumedUsed(QuotaPolicy policy, TimeBounds now, long version) {
        int permits = policy.longest().permits();
        PermitLog.Builder log = new PermitLog.Builder(permits);
        for (int left = permits - 1; left >= 0; left--) {
            log.add(now.late() - policy.longestSpan() * left / permits, 0, Priority.INTERACTIVE);
        }
        long minuteIsOver = now.late() + policy.shortestSpan();
        Pause pause = new Pause(minuteIsOver, Cause.RECOVERING);
        return new Counter(
                version, log.build(), Line.EMPTY, pause, minuteIsOver + policy.pacingLead(), 0, List.of(), Map.of());
    }
}
