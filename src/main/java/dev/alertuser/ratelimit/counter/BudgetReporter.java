package dev.alertuser.ratelimit.counter;

import dev.alertuser.service.budget.BudgetReport;
import dev.alertuser.service.budget.ByPriority;
import dev.alertuser.service.budget.Priority;
import dev.alertuser.service.budget.QuestionKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Makes the report of a counter under one policy at one moment. Reads no clock.
 *
 * <p>A permit is <em>used</em> up to the present, and <em>reserved</em> while its slot is ahead; both are charged. A place that may still be
 * claimed is <em>promised</em>. What is free is what the counter would grant now, so all three count there.
 */
public record BudgetReporter(Counter counter, QuotaPolicy policy, TimeBounds now) {
    /** Of the chart; one or two more where the ends of the window are no whole steps. */
    private static final int MAX_STEPS = 60;

    public BudgetReporter {
        counter = counter.withoutLapsed(now);
    }

    /**
     * The whole report.
     *
     * @param backlog requests that wait for a permit
     * @param question whose place is reported; null for none
     */
    public BudgetReport report(long backlog, @Nullable QuestionKey question) {
        return new BudgetReport(
                Instant.ofEpochMilli(now.early()),
                windows(),
                ByPriority.of(priority -> Duration.ofMillis(untilNext(priority))),
                Duration.ofMillis(paused()),
                counter.pause().causeAt(now.early()),
                count(counter.log().after(present())),
                line(question),
                history(),
                Duration.ofMillis(new BacklogForecast(counter, policy, now).served(backlog)));
    }

    /** One entry for each window, shortest first. */
    public List<BudgetReport.Window> windows() {
        Occupancy occupancy = Occupancy.of(counter.log(), counter.line());
        return policy.quotas().stream().map(quota -> window(quota, occupancy)).toList();
    }

    /** Milliseconds that are left of a pause. */
    private long paused() {
        return Math.max(0, counter.pausedUntil() - now.early());
    }

    private BudgetReport.Window window(Quota quota, Occupancy occupancy) {
        long paused = paused();
        int taken = taken(quota, occupancy);
        long reset = taken == 0 ? 0 : earliest(quota, occupancy, taken) - now.early();
        return new BudgetReport.Window(
                quota.permits(),
                quota.window(),
                quota.reserve(),
                count(used(quota)),
                ByPriority.of(priority -> paused > 0 ? 0 : Math.max(0, quota.permitsFor(priority) - taken)),
                Duration.ofMillis(Math.max(reset, paused)));
    }

    /** What was used in the window that ends now. No window of a span holds more than the permits. */
    private PermitLog used(Quota quota) {
        PermitLog log = counter.log().after(present() - policy.span(quota));
        return log.first(log.countUpTo(present()));
    }

    /** How many permits of the quota are used, reserved or promised, so that nobody gets them now; all of them at the most. */
    private int taken(Quota quota, Occupancy occupancy) {
        int least = 0;
        int most = quota.permits();
        while (least < most) {
            int middle = (least + most) / 2;
            if (earliest(quota, occupancy, middle + 1) == atOnce()) {
                most = middle;
            } else {
                least = middle + 1;
            }
        }
        return least;
    }

    /** The first slot at which one more permit leaves no more than so many in any window of the quota's span. */
    private long earliest(Quota quota, Occupancy occupancy, int permits) {
        return occupancy.earliest(atOnce(), Counter.doubt(policy, now), permits, policy.span(quota));
    }

    /** The slot of a permit that may be used at once. */
    private long atOnce() {
        return Counter.EMPTY.earliest(policy, Priority.INTERACTIVE, now);
    }

    private BudgetReport.Line line(@Nullable QuestionKey question) {
        List<Place> waiting = counter.line().places().stream()
                .filter(place -> !place.claimed())
                .toList();
        Optional<Instant> last = waiting.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        Instant.ofEpochMilli(waiting.get(waiting.size() - 1).slot()));
        Optional<BudgetReport.Place> place = IntStream.range(0, waiting.size())
                .filter(i -> waiting.get(i).question().equals(question))
                .mapToObj(i -> new BudgetReport.Place(
                        i + 1, Instant.ofEpochMilli(waiting.get(i).slot())))
                .findFirst();
        return new BudgetReport.Line(waiting.size(), last, place);
    }

    /** Slots up to here may have been used, since a slot opens slightly early. */
    private long present() {
        return now.late() + policy.clockSlack();
    }

    private long untilNext(Priority priority) {
        long ahead = counter.earliest(policy, priority, now) - now.early();
        return ahead <= policy.clockSlack() ? 0 : ahead;
    }

    /** Cuts what is used of the longest window into steps that begin at whole ones, so its first and its last step are shorter. */
    private BudgetReport.History history() {
        Quota shortest = policy.quotas().get(0);
        Quota longest = policy.longest();
        long window = shortest.window().toMillis();
        long multiple = 1 + (longest.window().toMillis() - 1) / (window * MAX_STEPS);
        long step = window * multiple;
        long begin = present() - policy.span(longest) + 1;
        PermitLog used = used(longest);
        return new BudgetReport.History(
                Duration.ofMillis(step),
                (int) (shortest.permits() * multiple),
                LongStream.rangeClosed(Math.floorDiv(begin, step), Math.floorDiv(present(), step))
                        .mapToObj(i -> step(used, Math.max(begin, i * step), (i + 1) * step - 1))
                        .toList());
    }

    private static BudgetReport.Step step(PermitLog used, long from, long to) {
        PermitLog later = used.after(from - 1);
        return new BudgetReport.Step(Instant.ofEpochMilli(from), count(later.first(later.countUpTo(to))));
    }

    private static ByPriority<Integer> count(PermitLog log) {
        return ByPriority.of(priority -> (int) IntStream.range(0, log.size())
                .filter(i -> log.priority(i) == priority)
                .count());
    }
}
