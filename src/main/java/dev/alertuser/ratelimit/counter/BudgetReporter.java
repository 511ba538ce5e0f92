package dev.alertuser.ratelimit.counter;

import dev.alertuser.service.budget.BudgetReport;
import dev.alertuser.service.budget.ByPriority;
import dev.alertuser.service.budget.Priority;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/** Makes the report of a counter under one policy at one moment. Reads no clock. */
public record BudgetReporter(Counter counter, QuotaPolicy policy, TimeBounds now) {
    private static final int MAX_STEPS = 60;

    /** Beyond this length a backlog is extrapolated at its average pace: such requests expire before they are served. */
    private static final int MAX_FORESEEN = 100_000;

    /**
     * The whole report.
     *
     * @param backlog requests that wait for a permit
     */
    public BudgetReport report(long backlog) {
        return new BudgetReport(
                Instant.ofEpochMilli(now.early()),
                windows(),
                ByPriority.of(priority -> Duration.ofMillis(untilNext(priority))),
                Duration.ofMillis(paused()),
                counter.pause().causeAt(now.early()),
                counter.log().size() - counter.log().countUpTo(present()),
                history(),
                Duration.ofMillis(untilServed(backlog)));
    }

    /** One entry for each window, shortest first. */
    public List<BudgetReport.Window> windows() {
        return policy.quotas().stream().map(this::window).toList();
    }

    /** Milliseconds that are left of a pause. */
    private long paused() {
        return Math.max(0, counter.pausedUntil() - now.early());
    }

    private BudgetReport.Window window(Quota quota) {
        long paused = paused();
        long span = policy.span(quota);
        PermitLog counted = counter.log().after(now.early() - span);
        long reset = counted.size() == 0 ? 0 : counted.slot(0) + span - now.early();
        return new BudgetReport.Window(
                quota.permits(),
                quota.window(),
                quota.reserve(),
                ByPriority.of(priority -> count(counted, priority)),
                ByPriority.of(priority -> paused > 0 ? 0 : Math.max(0, quota.permitsFor(priority) - counted.size())),
                Duration.ofMillis(Math.max(reset, paused)));
    }

    /** Slots up to here may have been used, since a slot opens slightly early. */
    private long present() {
        return now.late() + policy.clockSlack();
    }

    private long untilNext(Priority priority) {
        long ahead = counter.earliest(policy, priority, now) - now.early();
        return ahead <= policy.clockSlack() ? 0 : ahead;
    }

    private BudgetReport.History history() {
        Quota shortest = policy.quotas().get(0);
        long window = shortest.window().toMillis();
        long longest = policy.quotas().get(policy.quotas().size() - 1).window().toMillis();
        long multiple = 1 + (longest - 1) / (window * MAX_STEPS);
        long step = window * multiple;
        int steps = (int) (longest / step);
        long first = Math.floorDiv(present(), step) * step - (steps - 1) * step;
        return new BudgetReport.History(
                Duration.ofMillis(step),
                (int) (shortest.permits() * multiple),
                IntStream.range(0, steps)
                        .mapToObj(i -> step(first + i * step, Math.min(first + (i + 1) * step - 1, present())))
                        .toList());
    }

    private BudgetReport.Step step(long from, long to) {
        PermitLog log = counter.log().after(from - 1);
        PermitLog stamped = log.first(log.countUpTo(to));
        return new BudgetReport.Step(Instant.ofEpochMilli(from), ByPriority.of(priority -> count(stamped, priority)));
    }

    private static int count(PermitLog log, Priority priority) {
        return (int) IntStream.range(0, log.size())
                .filter(i -> log.priority(i) == priority)
                .count();
    }

    /**
     * Milliseconds until the last of these backlog requests has its permit, if no other caller asks. Places one permit after the other: each at
     * the even pace, and a span after the one that must have left its window.
     */
    private long untilServed(long requests) {
        if (requests == 0) {
            return 0;
        }
        int foreseen = (int) Math.min(requests, MAX_FORESEEN);
        long next = counter.earliest(policy, Priority.BACKLOG, now);
        int logged = counter.log().size();
        long[] slots = new long[logged + foreseen];
        for (int i = 0; i < logged; i++) {
            slots[i] = counter.log().slot(i);
        }
        long paced = counter.pacedUntil();
        for (int i = logged; i < slots.length; i++) {
            long slot = Math.max(next, paced - policy.pacingLead());
            for (Quota quota : policy.quotas()) {
                int leaving = i - quota.permitsFor(Priority.BACKLOG);
                slot = leaving < 0 ? slot : Math.max(slot, slots[leaving] + policy.span(quota));
            }
            slots[i] = slot;
            paced = Math.max(paced, slot) + policy.pacingInterval();
        }
        long last = slots[slots.length - 1] - now.early();
        return foreseen == requests ? Math.max(0, last) : last * (requests / foreseen);
    }
}
