package dev.alertuser.ratelimit.counter;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.alertuser.service.budget.BudgetReport;
import dev.alertuser.service.budget.BudgetReport.Step;
import dev.alertuser.service.budget.ByPriority;
import dev.alertuser.service.budget.Priority;
import dev.alertuser.service.budget.RateLimiter.Cause;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BudgetReporterTest {
    private static final QuotaPolicy POLICY =
            new QuotaPolicy(List.of(new Quota(100, ofMinutes(1), 40), new Quota(1500, ofHours(1), 75)), ofSeconds(2));
    private static final long NOON = Instant.parse("2026-01-01T12:00:30Z").toEpochMilli();

    private Counter counter = Counter.EMPTY;

    @Test
    void reportsUsePerPriorityOfEachWindow() {
        givenPermit(Priority.INTERACTIVE, NOON - 300_000);
        givenPermit(Priority.BACKLOG, NOON - 10_000);
        givenPermit(Priority.BACKLOG, NOON - 5_000);

        BudgetReport report = report(0);

        assertThat(report.windows())
                .containsExactly(
                        new BudgetReport.Window(
                                100, ofMinutes(1), 40, new ByPriority<>(0, 2), new ByPriority<>(98, 58), ofSeconds(52)),
                        new BudgetReport.Window(
                                1500,
                                ofHours(1),
                                75,
                                new ByPriority<>(1, 2),
                                new ByPriority<>(1497, 1422),
                                ofSeconds(3302)));
        assertThat(report.nextPermit()).isEqualTo(new ByPriority<>(Duration.ZERO, Duration.ZERO));
        assertThat(report.paused()).isEqualTo(Duration.ZERO);
        assertThat(report.cause()).isEqualTo(Cause.QUOTA);
    }

    @Test
    void countsPermitsByMinuteAndClassUpToTheMinuteUnderWay() {
        givenPermit(Priority.INTERACTIVE, NOON - 59 * 60_000 - 30_001);
        givenPermit(Priority.INTERACTIVE, NOON - 59 * 60_000 - 30_000);
        givenPermit(Priority.BACKLOG, NOON - 30_001);
        givenPermit(Priority.BACKLOG, NOON - 30_000);
        givenPermit(Priority.INTERACTIVE, NOON + 100);
        givenPermit(Priority.INTERACTIVE, NOON + 101);

        BudgetReport.History history = report(0).history();

        assertThat(history.step()).isEqualTo(ofMinutes(1));
        assertThat(history.limit()).isEqualTo(100);
        assertThat(history.steps()).hasSize(60);
        assertThat(history.steps().get(0))
                .isEqualTo(new Step(Instant.parse("2026-01-01T11:01:00Z"), new ByPriority<>(1, 0)));
        assertThat(history.steps().get(58).permits()).isEqualTo(new ByPriority<>(0, 1));
        assertThat(history.steps().get(59))
                .isEqualTo(new Step(Instant.parse("2026-01-01T12:00:00Z"), new ByPriority<>(1, 1)));
        assertThat(report(0).reserved()).isEqualTo(1);
    }

    @ParameterizedTest(name = "{0} a window of {1}, the longest {2}: steps of {3}, {4} of them, limit {5}")
    @CsvSource({
        "100, PT1M, PT1H, PT1M, 60, 100",
        "100, PT6S, PT90S, PT6S, 15, 100",
        "5,   PT1S, PT1H, PT1M, 60, 300",
        "100, PT1M, PT24H, PT24M, 60, 2400",
        "100, PT1M, PT1M30S, PT1M, 1, 100"
    })
    void takesStepsThatFitTheWindows(
            int permits, Duration shortest, Duration longest, Duration step, int n, int limit) {
        QuotaPolicy policy =
                new QuotaPolicy(List.of(new Quota(permits, shortest, 0), new Quota(9000, longest, 0)), ofSeconds(2));

        BudgetReport.History history =
                new BudgetReporter(counter, policy, now()).report(0).history();

        assertThat(history.step()).isEqualTo(step);
        assertThat(history.steps()).hasSize(n);
        assertThat(history.limit()).isEqualTo(limit);
    }

    @Test
    void leavesNothingInAPause() {
        counter = counter.paused(new Pause(NOON + 30_000, Cause.RECOVERING), POLICY);

        BudgetReport report = report(10);

        assertThat(report.paused()).isEqualTo(ofSeconds(30));
        assertThat(report.cause()).isEqualTo(Cause.RECOVERING);
        assertThat(report.windows()).allMatch(window -> window.free().equals(new ByPriority<>(0, 0)));
        assertThat(report.nextPermit().interactive()).isEqualTo(ofSeconds(30));
        assertThat(report.backlogServed()).isGreaterThan(ofSeconds(30));
    }

    @Test
    void makesTheQueueWaitForWhatIsReserved() {
        for (int i = 0; i < 60; i++) {
            givenPermit(Priority.INTERACTIVE, NOON - 30_000);
        }

        BudgetReport report = report(0);

        assertThat(report.windows().get(0).free()).isEqualTo(new ByPriority<>(40, 0));
        assertThat(report.nextPermit()).isEqualTo(new ByPriority<>(Duration.ZERO, ofSeconds(32)));
    }

    @ParameterizedTest(name = "{0} interactive permits {1} s ago, then a backlog of {2}")
    @CsvSource({"0, 0, 1", "0, 0, 10", "0, 0, 300", "0, 0, 4200", "90, 5, 200", "1400, 600, 100", "1400, 600, 3000"})
    void predictsWhenTheBacklogIsServedAsTheCounterWouldServeIt(int interactive, int secondsAgo, int backlog) {
        for (int i = 0; i < interactive; i++) {
            givenPermit(Priority.INTERACTIVE, NOON - secondsAgo * 1000L - i * 700L);
        }
        Duration foretold = report(backlog).backlogServed();

        long last = 0;
        for (int i = 0; i < backlog; i++) {
            last = counter.earliest(POLICY, Priority.BACKLOG, now());
            counter = counter.with(POLICY, Priority.BACKLOG, last, now());
        }

        assertThat(foretold.toMillis()).isCloseTo(last - NOON, within(1L));
    }

    @Test
    void predictsNothingWithoutABacklogAndExtrapolatesHugeOnes() {
        assertThat(report(0).backlogServed()).isEqualTo(Duration.ZERO);
        assertThat(report(1_000_000).backlogServed().toHours()).isBetween(695L, 710L);
    }

    private void givenPermit(Priority priority, long slot) {
        counter = new Counter(
                counter.version(),
                counter.log().with(slot, priority),
                counter.line(),
                counter.pause(),
                counter.pacedUntil(),
                counter.deferredUntil(),
                counter.commits(),
                counter.policies());
    }

    private BudgetReport report(long backlog) {
        return new BudgetReporter(counter, POLICY, now()).report(backlog);
    }

    private static TimeBounds now() {
        return new TimeBounds(NOON, NOON);
    }

    /** A slot opens 0.1 s early. */
    @ParameterizedTest(name = "a slot {0} ms ahead: in {1} ms")
    @CsvSource({"100, 0", "101, 101"})
    void aPermitThatOpensNowIsTheNext(long ahead, long reported) {
        counter = counter.paused(new Pause(NOON + ahead, Cause.THROTTLED), POLICY);

        assertThat(report(0).nextPermit().interactive()).isEqualTo(Duration.ofMillis(reported));
    }
}
