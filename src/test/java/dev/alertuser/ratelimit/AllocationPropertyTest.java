package dev.alertuser.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.ratelimit.Allocation.NoSlot;
import dev.alertuser.ratelimit.Allocation.Outcome;
import dev.alertuser.ratelimit.Allocation.Request;
import dev.alertuser.ratelimit.Allocation.Slot;
import dev.alertuser.ratelimit.counter.Counter;
import dev.alertuser.ratelimit.counter.CounterCodec;
import dev.alertuser.ratelimit.counter.Pause;
import dev.alertuser.ratelimit.counter.Place;
import dev.alertuser.ratelimit.counter.Quota;
import dev.alertuser.ratelimit.counter.QuotaPolicy;
import dev.alertuser.ratelimit.counter.TimeBounds;
import dev.alertuser.service.budget.Priority;
import dev.alertuser.service.budget.QuestionKey;
import dev.alertuser.service.budget.RateLimiter.Cause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds after any sequence of callers with and without places, on instances that know the time more or less well. */
class AllocationPropertyTest {
    /** Milliseconds that a caller may be late. */
    private static final int GRACE = 10_000;

    /** As the tests of the upstream see it: each call leaves as early or as late as it may, and travels as fast or as slowly. */
    @Property
    void noWindowOfAnUpstreamSeesMoreThanItsPermitsThoughThereAreLines(
            @ForAll("policies") QuotaPolicy policy, @ForAll("steps") List<Step> steps) {
        Run run = new Run(policy);
        steps.forEach(run::take);

        for (Quota quota : policy.quotas()) {
            assertThat(closest(run.arrivals, quota.permits()))
                    .as("%d consecutive arrivals", quota.permits() + 1)
                    .isGreaterThanOrEqualTo(quota.window().toMillis());
        }
    }

    @Property
    void whoComesBackInTimeIsServedAtOnce(@ForAll("policies") QuotaPolicy policy, @ForAll("steps") List<Step> steps) {
        Run run = new Run(policy);
        for (Step step : steps) {
            run.take(step);
            if (step.kind() == Kind.NEWCOMER && !step.pauses()) {
                run.comeBack(step);
            }
        }
    }

    @Property
    void noQuestionHasTwoPlacesAndTheRowSurvivesTheTable(
            @ForAll("policies") QuotaPolicy policy, @ForAll("steps") List<Step> steps) {
        Run run = new Run(policy);
        for (Step step : steps) {
            run.take(step);
            Set<QuestionKey> questions = new HashSet<>();
            assertThat(run.counter.line().places())
                    .allMatch(place -> questions.add(place.question()))
                    .isSortedAccordingTo((one, other) -> Long.compare(one.slot(), other.slot()));
            assertThat(CounterCodec.decode(CounterCodec.encode(run.counter))).isEqualTo(run.counter);
            assertThat(run.counter.plausible(policy, run.now(step))).isEqualTo(run.counter);
        }
    }

    private enum Kind {
        NEWCOMER,
        RETURNER,
        BACKLOG
    }

    /** @param extremes whether the call leaves at the last moment; whether it travels slowly; whether Defender asks for a pause before it */
    private record Step(Kind kind, int which, int passes, int behind, int ahead, int maxWait, int extremes) {
        boolean leavesLate() {
            return (extremes & 1) != 0;
        }

        boolean travelsSlowly() {
            return (extremes & 2) != 0;
        }

        boolean pauses() {
            return extremes >= 28;
        }
    }

    private static final class Run {
        private final QuotaPolicy policy;
        private final Random random = new Random(1);
        private final List<Long> arrivals = new ArrayList<>();
        private Counter counter = Counter.EMPTY;
        private long truth = VirtualTime.START_MILLIS;
        private long asked;

        Run(QuotaPolicy policy) {
            this.policy = policy;
        }

        TimeBounds now(Step step) {
            return new TimeBounds(truth - step.behind(), truth + step.ahead());
        }

        void take(Step step) {
            truth += step.passes();
            if (step.pauses()) {
                counter = counter.paused(new Pause(truth + step.passes(), Cause.THROTTLED), policy);
            }
            Priority priority = step.kind() == Kind.BACKLOG ? Priority.BACKLOG : Priority.INTERACTIVE;
            ask(step, new Request(question(step), priority, step.maxWait()));
        }

        private QuestionKey question(Step step) {
            List<Place> places = counter.line().places();
            return step.kind() == Kind.RETURNER && !places.isEmpty()
                    ? places.get(step.which() % places.size()).question()
                    : new QuestionKey(++asked);
        }

        private Outcome ask(Step step, Request request) {
            TimeBounds now = now(step);
            Allocation allocation = new Allocation(counter, policy, policy, now, random);
            Outcome outcome = allocation.allot(request);
            if (allocation.isChanged()) {
                counter = allocation.next().committed(UUID.randomUUID(), policy, now);
            }
            if (outcome instanceof Slot slot) {
                long first = Math.max(truth, policy.opensAt(slot.slot()));
                long last = slot.end() + policy.sendDeadline() + policy.clockSlack();
                long travels = step.travelsSlowly() ? policy.margin().toMillis() * 2 / 5 : 0;
                if (first <= last) {
                    arrivals.add((step.leavesLate() ? last : first) + travels);
                }
            }
            return outcome;
        }

        /** The caller of the first place comes back, up to 10 s late, and waits for nothing. */
        void comeBack(Step step) {
            Optional<Place> first = counter.line().places().stream()
                    .filter(place -> !place.claimed())
                    .findFirst();
            if (first.isPresent() && truth + step.ahead() <= first.get().slot() + GRACE) {
                truth = Math.max(truth, first.get().slot() + step.behind() + step.passes() % (GRACE - 2_200));
                Outcome outcome = ask(step, new Request(first.get().question(), Priority.INTERACTIVE, 0));
                assertThat(outcome).isInstanceOf(Slot.class);
                assertThat(((Slot) outcome).slot())
                        .isLessThanOrEqualTo(now(step).late());
            } else {
                assertThat(ask(step, new Request(new QuestionKey(++asked), Priority.INTERACTIVE, 0)))
                        .isInstanceOfAny(Slot.class, NoSlot.class);
            }
        }
    }

    private static long closest(List<Long> moments, int permits) {
        List<Long> sorted = moments.stream().sorted().toList();
        long closest = Long.MAX_VALUE;
        for (int i = 0; i + permits < sorted.size(); i++) {
            closest = Math.min(closest, sorted.get(i + permits) - sorted.get(i));
        }
        return closest;
    }

    @Provide
    Arbitrary<QuotaPolicy> policies() {
        Arbitrary<Quota> quotas = Combinators.combine(
                        Arbitraries.integers().between(1, 12),
                        Arbitraries.integers().between(10, 200_000),
                        Arbitraries.integers().between(0, 11))
                .as((permits, window, reserve) ->
                        new Quota(permits, Duration.ofMillis(window), Math.min(reserve, permits - 1)));
        return Combinators.combine(
                        quotas.list().ofMinSize(1).ofMaxSize(3).uniqueElements(Quota::window),
                        Arbitraries.integers().between(0, 6_000))
                .as((list, margin) -> new QuotaPolicy(list, Duration.ofMillis(margin)));
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(
                        Arbitraries.of(Kind.class),
                        Arbitraries.integers().between(0, 100),
                        Arbitraries.integers().between(0, 20_000),
                        Arbitraries.integers().between(0, 1_100),
                        Arbitraries.integers().between(0, 1_100),
                        Arbitraries.integers().between(0, 30_000),
                        Arbitraries.integers().between(0, 31))
                .as(Step::new)
                .list()
                .ofMaxSize(80);
    }
}
