package dev.alertuser.ratelimit.counter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.ratelimit.VirtualTime;
import dev.alertuser.service.budget.Priority;
import dev.alertuser.service.budget.RateLimiter.Cause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** What holds for the counter after any sequence of acquires, by instances that know the time more or less well. */
class CounterPropertyTest {
    private static final long START = VirtualTime.START_MILLIS;

    @Property
    void noSpanHoldsMoreThanItsPermits(@ForAll("policies") QuotaPolicy policy, @ForAll("steps") List<Step> steps) {
        Run run = new Run();
        steps.forEach(step -> run.acquire(step, policy));

        for (Quota quota : policy.quotas()) {
            assertThat(closest(run.slots(), quota.permits()))
                    .as("%d consecutive slots", quota.permits() + 1)
                    .isGreaterThanOrEqualTo(policy.span(quota));
        }
    }

    /**
     * The inequality as an upstream sees it: each call leaves as early or as late as it may, and travels as fast or as slowly: the latency
     * varies by two fifths of the margin, 0.8 s of the usual 2 s.
     */
    @Property
    void noWindowOfAnUpstreamSeesMoreThanItsPermitsWheneverTheCallsLeaveAndArrive(
            @ForAll("policies") QuotaPolicy policy, @ForAll("steps") List<Step> steps) {
        long latencySpan = policy.margin().toMillis() * 2 / 5;
        Run run = new Run();
        List<Long> arrivals = new ArrayList<>();
        for (Step step : steps) {
            Grant grant = run.acquire(step, policy);
            if (grant != null && grant.isUsable()) {
                arrivals.add(
                        (step.leavesLate() ? grant.last() : grant.first()) + (step.travelsSlowly() ? latencySpan : 0));
            }
        }

        for (Quota quota : policy.quotas()) {
            assertThat(closest(arrivals, quota.permits()))
                    .as("%d consecutive arrivals", quota.permits() + 1)
                    .isGreaterThanOrEqualTo(quota.window().toMillis());
        }
    }

    @Property
    void theBacklogLeavesTheReserve(@ForAll("policies") QuotaPolicy policy, @ForAll("steps") List<Step> steps) {
        Run run = new Run();
        for (Step step : steps) {
            Grant grant = run.acquire(step, policy);
            if (grant != null && grant.priority() == Priority.BACKLOG) {
                for (Quota quota : policy.quotas()) {
                    assertThat(mostAround(grant.slot(), run.slots(), policy.span(quota)))
                            .as("slots in any %d ms around the new one", policy.span(quota))
                            .isLessThanOrEqualTo(quota.permits() - quota.reserve());
                }
            }
        }
    }

    @Property
    void theWholeReserveIsFreeAtOnceAfterAnIdleWindow(
            @ForAll("policies") QuotaPolicy policy, @ForAll("steps") List<Step> steps) {
        int reserve = policy.quotas().stream().mapToInt(Quota::reserve).min().orElseThrow();
        Run run = new Run();
        for (Step step : steps) {
            run.acquire(step.as(Priority.BACKLOG), policy);
        }
        TimeBounds now = run.now(0, 0);
        for (int i = 0; i < reserve; i++) {
            assertThat(run.counter.earliest(policy, Priority.INTERACTIVE, now)).isEqualTo(now.late());
            run.acquire(Step.now(Priority.INTERACTIVE), policy);
        }
    }

    @Property
    void noWriteOfOthersMakesRoomBeforeTheTimeOfADenial(
            @ForAll("policies") QuotaPolicy policy,
            @ForAll("steps") List<Step> steps,
            @ForAll("steps") List<Step> others,
            @ForAll Priority priority) {
        Run run = new Run();
        steps.forEach(step -> run.acquire(step, policy));
        long denied = run.counter.earliest(policy, priority, run.now(0, 0));

        for (Step other : others) {
            run.acquire(other, policy);
            assertThat(run.counter.earliest(policy, priority, run.now(0, 0))).isGreaterThanOrEqualTo(denied);
        }
    }

    @Property
    void aPauseOnlyGrowsAndNothingIsGrantedInside(
            @ForAll("policies") QuotaPolicy policy,
            @ForAll("steps") List<Step> steps,
            @ForAll @IntRange(max = 100_000) int pause) {
        Run run = new Run();
        long pausedUntil = 0;
        for (Step step : steps) {
            if (step.travelsSlowly()) {
                run.counter = run.counter.paused(pauseUntil(run.truth + pause / (1 + run.grants.size())), policy);
            }
            assertThat(run.counter.pausedUntil()).isGreaterThanOrEqualTo(pausedUntil);
            pausedUntil = run.counter.pausedUntil();
            Grant grant = run.acquire(step, policy);
            if (grant != null) {
                assertThat(grant.slot()).isGreaterThanOrEqualTo(pausedUntil);
                assertThat(grant.first()).isGreaterThanOrEqualTo(pausedUntil - policy.clockSlack());
            }
        }
    }

    @Property
    void afterAPauseTheBacklogKeepsToItsPace(
            @ForAll("policies") QuotaPolicy policy,
            @ForAll("steps") List<Step> steps,
            @ForAll @IntRange(max = 100_000) int pause) {
        Run run = new Run();
        steps.forEach(step -> run.acquire(step, policy));
        long until = run.truth + pause;
        run.counter = run.counter.paused(pauseUntil(until), policy);
        int before = run.grants.size();
        steps.forEach(step -> run.acquire(step.as(Priority.BACKLOG), policy));

        List<Grant> after = run.grants.subList(before, run.grants.size());
        for (int i = 0; i < after.size(); i++) {
            assertThat(after.get(i).slot()).isGreaterThanOrEqualTo(until + i * policy.pacingInterval());
        }
    }

    /** Compared with the definition: a single waiter loses not a millisecond. */
    @Property
    void aSingleWaiterGetsTheFirstLegalSlot(
            @ForAll("smallPolicies") QuotaPolicy policy, @ForAll("smallSteps") List<Step> steps) {
        Run run = new Run();
        steps.forEach(step -> run.acquire(step.as(Priority.INTERACTIVE), policy));
        TimeBounds now = run.now(0, 0);
        long slot = now.late();
        while (!isLegal(run.counter.log().with(slot, Priority.INTERACTIVE), policy)) {
            slot++;
        }

        assertThat(run.counter.earliest(policy, Priority.INTERACTIVE, now)).isEqualTo(slot);
    }

    @Property
    void theStrictestOfRecentPoliciesBindsEveryGrant(
            @ForAll("policies") QuotaPolicy one,
            @ForAll("policies") QuotaPolicy two,
            @ForAll("policies") QuotaPolicy three,
            @ForAll("steps") List<Step> steps) {
        List<QuotaPolicy> policies = List.of(one, two, three);
        Run run = new Run();
        Map<QuotaPolicy, Integer> since = new LinkedHashMap<>();
        for (Step step : steps) {
            QuotaPolicy own = policies.get(step.writer() % 3);
            Grant grant = run.acquire(step, own);
            if (grant != null) {
                since.putIfAbsent(own, run.grants.size() - 1);
                since.forEach((policy, first) -> policy.quotas()
                        .forEach(quota -> assertThat(mostAround(
                                        grant.slot(),
                                        run.slots().subList(first, run.grants.size()),
                                        policy.span(quota)))
                                .isLessThanOrEqualTo(quota.permitsFor(grant.priority()))));
            }
        }
    }

    @Property
    void everyStateIsPlausibleToAnyInstance(
            @ForAll("policies") QuotaPolicy policy,
            @ForAll("steps") List<Step> steps,
            @ForAll @IntRange(max = 1_100) int behind,
            @ForAll @IntRange(max = 1_100) int ahead) {
        Run run = new Run();
        for (Step step : steps) {
            run.acquire(step, policy);
            if (step.extremes() == 0) {
                run.counter = run.counter.paused(pauseUntil(run.truth + policy.longestSpan()), policy);
            }
            assertThat(run.counter.plausible(policy, run.now(behind, ahead))).isEqualTo(run.counter);
        }
    }

    @Property
    void everyStateSurvivesTheTable(@ForAll("policies") QuotaPolicy policy, @ForAll("steps") List<Step> steps) {
        Run run = new Run();
        for (Step step : steps) {
            run.acquire(step, policy);
            assertThat(CounterCodec.decode(CounterCodec.encode(run.counter))).isEqualTo(run.counter);
        }
    }

    /**
     * One acquire.
     *
     * @param writer which of several policies the instance has
     * @param pause milliseconds since the step before
     * @param behind milliseconds that the early end of the instance's clock is before the truth
     * @param ahead milliseconds that its late end is after the truth
     * @param extremes whether the call leaves at the last moment; whether it travels slowly
     */
    record Step(Priority priority, int writer, int pause, int behind, int ahead, int maxWait, int extremes) {
        static Step now(Priority priority) {
            return new Step(priority, 0, 0, 0, 0, 0, 0);
        }

        boolean leavesLate() {
            return (extremes & 1) != 0;
        }

        boolean travelsSlowly() {
            return (extremes & 2) != 0;
        }

        Step as(Priority other) {
            return new Step(other, writer, pause, behind, ahead, maxWait, extremes);
        }
    }

    /**
     * A granted permit.
     *
     * @param first true time at which its call may leave
     */
    record Grant(Priority priority, long slot, long first, QuotaPolicy policy) {
        boolean isUsable() {
            return policy.isCurrent(slot, exactly(first));
        }

        /** The last true time at which its call may leave: by a clock that shows it exactly. */
        long last() {
            long last = first;
            for (long step = 1 << 20; step > 0; step /= 2) {
                last += policy.isCurrent(slot, exactly(last + step)) ? step : 0;
            }
            return last;
        }

        private static TimeBounds exactly(long time) {
            return new TimeBounds(time, time);
        }
    }

    private static final class Run {
        private Counter counter = Counter.EMPTY;
        private long truth = START;
        private final List<Grant> grants = new ArrayList<>();

        TimeBounds now(int behind, int ahead) {
            return new TimeBounds(truth - behind, truth + ahead);
        }

        List<Long> slots() {
            return grants.stream().map(Grant::slot).toList();
        }

        Grant acquire(Step step, QuotaPolicy own) {
            truth += step.pause();
            TimeBounds now = now(step.behind(), step.ahead());
            QuotaPolicy binding = counter.binding(own, now);
            long slot = counter.earliest(binding, step.priority(), now);
            if (slot > now.late() + step.maxWait()) {
                return null;
            }
            counter = counter.with(binding, step.priority(), slot, now).committed(UUID.randomUUID(), own, now);
            Grant grant = new Grant(step.priority(), slot, Math.max(truth, own.opensAt(slot)), own);
            grants.add(grant);
            return grant;
        }
    }

    /** The shortest span of {@code permits + 1} consecutive moments. */
    private static long closest(List<Long> moments, int permits) {
        List<Long> sorted = moments.stream().sorted().toList();
        long closest = Long.MAX_VALUE;
        for (int i = 0; i + permits < sorted.size(); i++) {
            closest = Math.min(closest, sorted.get(i + permits) - sorted.get(i));
        }
        return closest;
    }

    /** The most slots in any half-open span of that length that holds the given one. */
    private static long mostAround(long slot, List<Long> slots, long span) {
        return slots.stream()
                .filter(first -> first <= slot && slot - first < span)
                .mapToLong(first -> slots.stream()
                        .filter(other -> other >= first && other - first < span)
                        .count())
                .max()
                .orElse(0);
    }

    private static Pause pauseUntil(long until) {
        return new Pause(until, Cause.THROTTLED);
    }

    private static boolean isLegal(PermitLog log, QuotaPolicy policy) {
        return policy.quotas().stream().allMatch(quota -> {
            for (int i = 0; i + quota.permits() < log.size(); i++) {
                if (log.slot(i + quota.permits()) - log.slot(i) < policy.span(quota)) {
                    return false;
                }
            }
            return true;
        });
    }

    @Provide
    Arbitrary<QuotaPolicy> policies() {
        return policies(60_000, 6_000);
    }

    @Provide
    Arbitrary<QuotaPolicy> smallPolicies() {
        return policies(60, 20);
    }

    private static Arbitrary<QuotaPolicy> policies(int maxWindow, int maxMargin) {
        Arbitrary<Quota> quotas = Combinators.combine(
                        Arbitraries.integers().between(1, 12),
                        Arbitraries.integers().between(10, maxWindow),
                        Arbitraries.integers().between(0, 11))
                .as((permits, window, reserve) ->
                        new Quota(permits, Duration.ofMillis(window), Math.min(reserve, permits - 1)));
        return Combinators.combine(
                        quotas.list().ofMinSize(1).ofMaxSize(3).uniqueElements(Quota::window),
                        Arbitraries.integers().between(0, maxMargin))
                .as((list, margin) -> new QuotaPolicy(
                        list.stream()
                                .sorted(Comparator.comparing(Quota::window))
                                .toList(),
                        Duration.ofMillis(margin)));
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return steps(5_000, 1_100, 30_000);
    }

    @Provide
    Arbitrary<List<Step>> smallSteps() {
        return steps(20, 0, 100);
    }

    private static Arbitrary<List<Step>> steps(int maxPause, int maxDoubt, int maxWait) {
        return Combinators.combine(
                        Arbitraries.of(Priority.class),
                        Arbitraries.integers().between(0, 2),
                        Arbitraries.integers().between(0, maxPause),
                        Arbitraries.integers().between(0, maxDoubt),
                        Arbitraries.integers().between(0, maxDoubt),
                        Arbitraries.integers().between(0, maxWait),
                        Arbitraries.integers().between(0, 3))
                .as(Step::new)
                .list()
                .ofMaxSize(80);
    }
}
