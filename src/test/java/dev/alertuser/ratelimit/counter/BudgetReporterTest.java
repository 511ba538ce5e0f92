package dev.alertuser.ratelimit.counter;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.alertuser.service.alert.AlertId;
import dev.alertuser.service.budget.BudgetReport;
import dev.alertuser.service.budget.BudgetReport.Step;
import dev.alertuser.service.budget.ByPriority;
import dev.alertuser.service.budget.Priority;
import dev.alertuser.service.budget.QuestionKey;
import dev.alertuser.service.budget.RateLimiter.Cause;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
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
        assertThat(history.steps()).hasSize(61);
        assertThat(history.steps().get(0))
                .isEqualTo(new Step(Instant.parse("2026-01-01T11:00:28.101Z"), new ByPriority<>(1, 0)));
        assertThat(history.steps().get(1))
                .isEqualTo(new Step(Instant.parse("2026-01-01T11:01:00Z"), new ByPriority<>(1, 0)));
        assertThat(history.steps().get(59).permits()).isEqualTo(new ByPriority<>(0, 1));
        assertThat(history.steps().get(60))
                .isEqualTo(new Step(Instant.parse("2026-01-01T12:00:00Z"), new ByPriority<>(1, 1)));
        assertThat(report(0).reserved()).isEqualTo(new ByPriority<>(1, 0));
    }

    @ParameterizedTest(name = "{0} a window of {1}, the longest {2}: steps of {3}, {4} of them, limit {5}")
    @CsvSource({
        "100, PT1M, PT1H, PT1M, 61, 100",
        "100, PT6S, PT90S, PT6S, 17, 100",
        "5,   PT1S, PT1H, PT1M, 61, 300",
        "100, PT1M, PT24H, PT24M, 61, 2400",
        "100, PT1M, PT1M30S, PT1M, 3, 100"
    })
    void takesStepsThatFitTheWindows(
            int permits, Duration shortest, Duration longest, Duration step, int n, int limit) {
        QuotaPolicy policy =
                new QuotaPolicy(List.of(new Quota(permits, shortest, 0), new Quota(9000, longest, 0)), ofSeconds(2));

        BudgetReport.History history =
                new BudgetReporter(counter, policy, now()).report(0, null).history();

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

    /** The first of the backlog fit between what is reserved and promised, the rest come after it. */
    @ParameterizedTest(name = "{0} interactive permits, {1} reserved ahead, {2} promised, then a backlog of {3}")
    @CsvSource({
        "0, 0, 100, 1",
        "0, 0, 100, 100",
        "50, 5, 20, 200",
        "100, 7, 400, 10",
        "1400, 3, 100, 100",
        "1450, 0, 300, 3000"
    })
    void predictsThatTheBacklogIsServedAroundTheLine(int interactive, int reserved, int promised, int backlog) {
        for (int i = 0; i < interactive; i++) {
            givenPermit(Priority.INTERACTIVE, NOON - 5_000 - i * 700L);
        }
        for (int i = 0; i < reserved; i++) {
            givenPermit(Priority.INTERACTIVE, NOON + 20_000 + i * 1_000L);
        }
        for (int i = 0; i < promised; i++) {
            givenPlace("da" + i, Math.max(NOON + 30_000 + i * 700L, counter.endOfLine(POLICY, now())));
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
        return new BudgetReporter(counter, POLICY, now()).report(backlog, null);
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

    /** A caller that reads both asks why they differ. */
    @ParameterizedTest(name = "{0} s into a minute")
    @CsvSource({"0", "1", "2", "30", "59"})
    void theChartHasAsManyPermitsAsTheLongestWindow(int second) {
        long now = NOON - 30_000 + second * 1000L;
        for (int i = 0; i <= 725; i++) {
            givenPermit(i % 3 == 0 ? Priority.BACKLOG : Priority.INTERACTIVE, now - i * 5_100L);
        }
        for (int i = 1; i <= 8; i++) {
            givenPermit(i % 2 == 0 ? Priority.BACKLOG : Priority.INTERACTIVE, now + i * 2_000L);
        }

        BudgetReport report = new BudgetReporter(counter, POLICY, new TimeBounds(now - 20, now)).report(0, null);

        assertThat(sumOfSteps(report)).isEqualTo(report.windows().get(1).used());
    }

    private static ByPriority<Integer> sumOfSteps(BudgetReport report) {
        return new ByPriority<>(
                report.history().steps().stream()
                        .mapToInt(step -> step.permits().interactive())
                        .sum(),
                report.history().steps().stream()
                        .mapToInt(step -> step.permits().backlog())
                        .sum());
    }

    @Test
    void tellsWhatIsUsedFromWhatIsReservedAndByWhom() {
        for (int i = 0; i < 100; i++) {
            givenPermit(Priority.INTERACTIVE, NOON - 55_000 + i * 500L);
        }
        for (int i = 0; i < 7; i++) {
            givenPermit(Priority.INTERACTIVE, NOON + 7_000 + i * 500L);
        }
        givenPermit(Priority.BACKLOG, NOON + 20_000);

        assertThat(report(0).windows().get(0).used()).isEqualTo(new ByPriority<>(100, 0));
        assertThat(report(0).windows().get(1).used()).isEqualTo(new ByPriority<>(100, 0));
        assertThat(report(0).reserved()).isEqualTo(new ByPriority<>(7, 1));
        assertThat(report(0).line()).isEqualTo(new BudgetReport.Line(0, Optional.empty(), Optional.empty()));
    }

    @Test
    void tellsOfTheLineAndOfThePlaceThatIsAskedFor() {
        givenPlace("da1", NOON + 5_000);
        givenPlace("da2", NOON + 6_000);
        givenPlace("da3", NOON + 7_000);

        BudgetReport report = report("da2");

        assertThat(report.line())
                .isEqualTo(new BudgetReport.Line(3, Optional.of(at(NOON + 7_000)), place(2, NOON + 6_000)));
        assertThat(report.reserved()).isEqualTo(new ByPriority<>(0, 0));
        assertThat(report.windows()).allMatch(window -> window.used().equals(new ByPriority<>(0, 0)));
        assertThat(report("da4").line().place()).isEmpty();
        assertThat(report(0).line().place()).isEmpty();
    }

    @Test
    void aPlaceIsInLineUntilItIsClaimedOrLapses() {
        givenPlace("da1", NOON - Place.LIFE - 1);
        givenPlace("da2", NOON - Place.LIFE);
        givenPlace("da3", NOON - 2_000);
        givenPlace("da4", NOON + 2_000);
        counter = counter.claimed(counter.line().find(question("da3")).orElseThrow(), NOON);

        assertThat(report("da1").line().place()).isEmpty();
        assertThat(report("da2").line().place()).isEqualTo(place(1, NOON - Place.LIFE));
        assertThat(report("da3").line().place()).isEmpty();
        assertThat(report("da4").line())
                .isEqualTo(new BudgetReport.Line(2, Optional.of(at(NOON + 2_000)), place(2, NOON + 2_000)));
    }

    @ParameterizedTest(name = "{0} used {1} s ago, {2} reserved in {3} s, {4} promised for {5} s: {6} are free")
    @CsvSource({
        "0, 0, 0, 0, 0, 0, 100",
        "60, 30, 0, 0, 0, 0, 40",
        "60, 30, 20, 10, 0, 0, 20",
        "60, 30, 20, 10, 15, 20, 5",
        "60, 30, 20, 10, 20, 20, 0",
        // One window cannot hold them all.
        "60, 30, 0, 0, 40, 33, 40",
        "60, 30, 40, 33, 0, 0, 40",
        "0, 0, 0, 0, 70, 33, 30"
    })
    void freeIsWhatTheCounterGrantsNow(
            int used, long ago, int reserved, long ahead, int promised, long later, int free) {
        for (int i = 0; i < used; i++) {
            givenPermit(Priority.INTERACTIVE, NOON - ago * 1_000);
        }
        for (int i = 0; i < reserved; i++) {
            givenPermit(Priority.INTERACTIVE, NOON + ahead * 1_000);
        }
        for (int i = 0; i < promised; i++) {
            givenPlace("da" + i, NOON + later * 1_000);
        }

        BudgetReport report = report(0);

        assertThat(report.windows().get(0).free()).isEqualTo(new ByPriority<>(free, Math.max(0, free - 40)));
        int granted = 0;
        while (counter.earliest(POLICY, Priority.INTERACTIVE, now()) == NOON) {
            counter = counter.with(POLICY, Priority.INTERACTIVE, NOON, now());
            granted++;
        }
        assertThat(granted).isEqualTo(free);
    }

    @Test
    void moreAreFreeWhenOneLeavesThatNoPlaceWaitsFor() {
        for (int i = 0; i < 100; i++) {
            givenPermit(Priority.INTERACTIVE, NOON - 60_000 + i * 500L);
        }
        givenPlace("da1", NOON + 2_000);

        BudgetReport.Window minute = report(0).windows().get(0);

        assertThat(minute.free().interactive()).isZero();
        assertThat(minute.reset()).isEqualTo(report(0).nextPermit().interactive());
    }

    /** Stricter settings of another instance bind within the minute. */
    @Test
    void moreUsedThanTheQuotaLeavesNone() {
        for (int i = 0; i < 120; i++) {
            givenPermit(Priority.INTERACTIVE, NOON - 30_000 + i * 100L);
        }

        BudgetReport.Window minute = report(0).windows().get(0);

        assertThat(minute.used().interactive()).isEqualTo(120);
        assertThat(minute.free()).isEqualTo(new ByPriority<>(0, 0));
        assertThat(minute.reset()).isEqualTo(ofSeconds(34));
    }

    private BudgetReport report(String alertId) {
        return new BudgetReporter(counter, POLICY, now()).report(0, question(alertId));
    }

    private void givenPlace(String alertId, long slot) {
        counter = counter.promised(POLICY, question(alertId), slot, now()).orElseThrow();
    }

    private static Optional<BudgetReport.Place> place(int position, long turn) {
        return Optional.of(new BudgetReport.Place(position, at(turn)));
    }

    private static QuestionKey question(String alertId) {
        return new AlertId(alertId).question();
    }

    private static Instant at(long millis) {
        return Instant.ofEpochMilli(millis);
    }
}
