package dev.alertuser.ratelimit.counter;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.ratelimit.VirtualTime;
import dev.alertuser.service.budget.Priority;
import dev.alertuser.service.budget.QuestionKey;
import dev.alertuser.service.budget.RateLimiter.Cause;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** What the counter does with places in line. */
class CounterLineTest {
    private static final long START = VirtualTime.START_MILLIS;
    private static final long SPAN = 62_000;
    private static final TimeBounds NOW = new TimeBounds(START, START);

    private static final QuestionKey ONE = new QuestionKey(1);
    private static final QuestionKey OTHER = new QuestionKey(2);
    private static final QuestionKey THIRD = new QuestionKey(3);

    @Test
    void theLineEndsWhereAPlaceIsLegalForAsLongAsItCanBeClaimed() {
        // The permit that is reserved ahead is in the way of a place that begins before it.
        Counter counter = Counter.EMPTY.with(perMinute(1), Priority.INTERACTIVE, START + SPAN + 5_000, NOW);

        assertThat(counter.earliest(perMinute(1), Priority.INTERACTIVE, NOW)).isEqualTo(START);
        assertThat(counter.endOfLine(perMinute(1), NOW)).isEqualTo(START + SPAN + 5_000 + SPAN);
    }

    @Test
    void theLineBeginsNowOrAtTheEndOfAPause() {
        TimeBounds roughly = new TimeBounds(START, START + 1_050);
        Counter paused = Counter.EMPTY.paused(pauseUntil(START + 30_000), perMinute(1));

        assertThat(Counter.EMPTY.endOfLine(perMinute(1), roughly)).isEqualTo(START + 100);
        assertThat(Counter.EMPTY.endOfLine(perMinute(1), new TimeBounds(START, START + 30)))
                .isEqualTo(START + 30);
        assertThat(paused.endOfLine(perMinute(1), roughly)).isEqualTo(START + 30_000);
    }

    @Test
    void aPlaceIsPromisedAtTheEndOfTheLine() {
        Counter counter = promised(promised(Counter.EMPTY, perMinute(2), ONE), perMinute(2), OTHER);
        counter = promised(counter, perMinute(3), THIRD);

        assertThat(counter.line().places()).containsExactly(open(START, ONE), open(START, OTHER), open(START, THIRD));
        assertThat(counter.log()).isEqualTo(PermitLog.EMPTY);
    }

    @Test
    void theLineHoldsAsManyPlacesAsTheLongestWindowHasPermits() {
        QuotaPolicy policy =
                new QuotaPolicy(List.of(new Quota(1, ofMinutes(1), 0), new Quota(3, ofHours(1), 0)), ofSeconds(2));
        Counter two = promised(promised(Counter.EMPTY, policy, ONE), policy, OTHER);
        Counter full = promised(two, policy, THIRD);

        assertThat(promise(full, policy, new QuestionKey(4))).isEmpty();
        // Claimed or not: each takes room in the row.
        assertThat(promise(full.claimed(full.line().places().get(0), START), policy, new QuestionKey(4)))
                .isEmpty();
    }

    @Test
    void theLineHolds1500PlacesAtMost() {
        QuotaPolicy policy = perMinute(10_000);
        List<Place> places = new ArrayList<>();
        for (int i = 1; i < 1_500; i++) {
            places.add(open(START, new QuestionKey(i)));
        }
        Counter counter = withPlaces(places);

        assertThat(promise(counter, policy, new QuestionKey(1_500))).isPresent();
        places.add(open(START, new QuestionKey(1_500)));
        assertThat(promise(withPlaces(places), policy, new QuestionKey(1_501))).isEmpty();
    }

    @Test
    void theLastPlaceIsTwoOfTheLongestWindowsAheadOfNowOrOfTheEndOfAPause() {
        TimeBounds now = new TimeBounds(START, START + 50);
        Counter paused = Counter.EMPTY.paused(pauseUntil(START + 600_000), perMinute(1));

        long last = START + 50 + 2 * SPAN;
        assertThat(Counter.EMPTY.promised(perMinute(1), ONE, last, now)).isPresent();
        assertThat(Counter.EMPTY.promised(perMinute(1), ONE, last + 1, now)).isEmpty();
        assertThat(paused.promised(perMinute(1), ONE, START + 600_000 + 2 * SPAN, now))
                .isPresent();
        assertThat(paused.promised(perMinute(1), ONE, START + 600_000 + 2 * SPAN + 1, now))
                .isEmpty();
    }

    @Test
    void aPlaceCountsAsAPermitForOthersUntilItIsGivenUp() {
        Counter counter = promised(Counter.EMPTY, perMinute(1), ONE);
        Place place = counter.line().places().get(0);

        assertThat(counter.earliest(perMinute(1), Priority.INTERACTIVE, NOW)).isEqualTo(START + Place.LIFE + SPAN);
        assertThat(counter.without(place)).isEqualTo(Counter.EMPTY);
        assertThat(counter.without(place).earliest(perMinute(1), Priority.INTERACTIVE, NOW))
                .isEqualTo(START);
    }

    @Test
    void aPlaceThatIsClaimedIsKeptAndNoLongerCounted() {
        Counter counter = promised(promised(Counter.EMPTY, perMinute(2), ONE), perMinute(2), OTHER);
        Counter claimed = counter.claimed(counter.line().places().get(0), START + 7_000);

        assertThat(claimed.line().places()).containsExactly(open(START, OTHER), new Place(START + 7_000, ONE, true));
        assertThat(claimed.earliest(perMinute(2), Priority.INTERACTIVE, NOW)).isEqualTo(START);
        assertThat(claimed.log()).isEqualTo(PermitLog.EMPTY);
    }

    /** By no instance: an instance's time may be as early as the early end. */
    @Test
    void aPlaceLapsesWhenNobodyCanClaimItAnyMore() {
        Counter counter = withPlaces(List.of(open(START, ONE)));
        long end = START + Place.LIFE;

        assertThat(counter.withoutLapsed(new TimeBounds(end, end + 500))).isEqualTo(counter);
        assertThat(counter.withoutLapsed(new TimeBounds(end + 1, end + 500)).line())
                .isEqualTo(Line.EMPTY);
    }

    @Property
    void placesUnderAnotherPolicyKeepTheirOrderMoveLaterOnlyAndAreLegal(
            @ForAll @Size(max = 12) List<@IntRange(max = 200_000) Integer> slots,
            @ForAll @Size(max = 5) List<@IntRange(min = -100_000, max = 100_000) Integer> permits,
            @ForAll @IntRange(min = 1, max = 4) int perMinute,
            @ForAll @IntRange(max = 1) int paused) {
        QuotaPolicy policy = new QuotaPolicy(
                List.of(new Quota(perMinute, ofMinutes(1), 0), new Quota(10, ofHours(1), 0)), ofSeconds(2));
        PermitLog log = PermitLog.EMPTY;
        for (int permit : permits) {
            log = log.with(START + permit, Priority.INTERACTIVE);
        }
        List<Place> before = new ArrayList<>();
        for (int slot : slots.stream().sorted().toList()) {
            before.add(open(START + slot, new QuestionKey(before.size())));
        }
        Pause pause = pauseUntil(START + paused * 50_000L);
        Counter counter = new Counter(1, log, new Line(before), pause, 0, 0, List.of(), Map.of()).relaid(policy);

        List<Place> after = counter.line().places();
        assertThat(after).hasSize(Math.min(10, before.size()));
        for (int i = 0; i < after.size(); i++) {
            assertThat(after.get(i).question()).isEqualTo(before.get(i).question());
            assertThat(after.get(i).slot())
                    .isGreaterThanOrEqualTo(before.get(i).slot())
                    .isGreaterThanOrEqualTo(pause.until());
            assertThat(after.get(i).slot())
                    .isGreaterThanOrEqualTo(after.get(Math.max(0, i - 1)).slot());
            Counter others = counter.without(after.get(i));
            assertThat(Occupancy.of(others.log(), others.line())
                            .earliest(policy, Priority.INTERACTIVE, after.get(i).slot(), Place.LIFE))
                    .isEqualTo(after.get(i).slot());
        }
    }

    @Test
    void placesThatAreLegalStayWhereTheyAre() {
        QuotaPolicy policy = perMinute(2);
        Counter counter = promised(promised(promised(Counter.EMPTY, policy, ONE), policy, OTHER), policy, THIRD);

        assertThat(counter.line().size()).isEqualTo(2);
        assertThat(counter.relaid(policy)).isEqualTo(counter);
        assertThat(Counter.EMPTY.relaid(policy)).isSameAs(Counter.EMPTY);
    }

    @Test
    void aPauseMovesPlacesToItsEndInTheirOrderAndLaterOnesStay() {
        Counter counter =
                withPlaces(List.of(open(START, ONE), open(START + 40_000, OTHER), open(START + 200_000, THIRD)));

        Counter paused = counter.paused(pauseUntil(START + 100_000), perMinute(3));

        assertThat(paused.line().places())
                .containsExactly(
                        open(START + 100_000, ONE), open(START + 100_000, OTHER), open(START + 200_000, THIRD));
        assertThat(paused.paused(pauseUntil(START + 99_999), perMinute(3))).isEqualTo(paused);
        assertThat(paused.paused(pauseUntil(START + 100_000), perMinute(3))).isSameAs(paused);
    }

    /** One caller was served, and its call met the pause; the other's place is earlier and not claimed yet. */
    @Test
    void aPlaceThatIsClaimedStaysAndTheLineRemainsInOrder() {
        Place claimed = new Place(START + 10, OTHER, true);
        Counter counter = withPlaces(List.of(open(START, ONE), claimed));

        Counter paused = counter.paused(pauseUntil(START + 100_000), perMinute(3));

        assertThat(paused.line().places()).containsExactly(claimed, open(START + 100_000, ONE));
        assertThat(CounterCodec.decode(CounterCodec.encode(paused))).isEqualTo(paused);
    }

    @Test
    void requestsOfTheBacklogAreDeferredByAnEvenPace() {
        QuotaPolicy policy = perMinute(2);

        assertThat(Counter.EMPTY.deferred(policy, START + 1_000).deferredUntil())
                .isEqualTo(START + 1_000 + SPAN / 2);
    }

    /** A sound clock is 10 s ahead at most, and its pause as long as the longest window at most, and a place two of these behind that. */
    @Test
    void placesThatOnlyABrokenClockCanHaveMadeAreDropped() {
        TimeBounds now = new TimeBounds(START, START + 50);
        QuotaPolicy policy = perMinute(1);
        long longestPause = START + 50 + 10_000 + QuotaPolicy.HORIZON.toMillis();
        long last = longestPause + 2 * SPAN;
        Counter counter = withPlaces(List.of(open(START, ONE), open(last, OTHER), open(last + 1, THIRD)));

        assertThat(counter.plausible(policy, now).line().places()).containsExactly(open(START, ONE), open(last, OTHER));
    }

    @Test
    void capsTheTurnsOfTheBacklog() {
        QuotaPolicy policy = perMinute(25);
        long longestPace = START + 10_000 + QuotaPolicy.HORIZON.toMillis() + SPAN + 25 * (SPAN / 25);
        long last = longestPace + QuotaPolicy.BACKLOG_HORIZON.toMillis();

        assertThat(plausibleDeferral(policy, last)).isEqualTo(last);
        assertThat(plausibleDeferral(policy, last + 1)).isEqualTo(last);
        assertThat(plausibleDeferral(policy, -1)).isZero();
    }

    private static long plausibleDeferral(QuotaPolicy policy, long deferredUntil) {
        return new Counter(1, PermitLog.EMPTY, Line.EMPTY, Pause.NONE, 0, deferredUntil, List.of(), Map.of())
                .plausible(policy, NOW)
                .deferredUntil();
    }

    /** What one change does must not undo another. */
    @Test
    void placesAndTurnsOutliveAllOtherChanges() {
        QuotaPolicy policy = perMinute(3);
        Counter counter =
                promised(Counter.EMPTY.deferred(policy, START), policy, ONE).at(7);
        Line line = counter.line();

        List<Counter> changed = List.of(
                counter.with(policy, Priority.BACKLOG, START, NOW),
                counter.at(8),
                counter.committed(UUID.randomUUID(), policy, NOW),
                counter.plausible(policy, NOW),
                counter.paused(pauseUntil(START), policy),
                counter.relaid(policy));

        assertThat(changed).allMatch(next -> next.line().equals(line));
        assertThat(changed).allMatch(next -> next.deferredUntil() == counter.deferredUntil());
        assertThat(Counter.assumedUsed(policy, NOW, 1).line()).isEqualTo(Line.EMPTY);
        assertThat(Counter.assumedUsed(policy, NOW, 1).deferredUntil()).isZero();
    }

    private static Counter promised(Counter counter, QuotaPolicy policy, QuestionKey question) {
        return promise(counter, policy, question).orElse(counter);
    }

    private static Optional<Counter> promise(Counter counter, QuotaPolicy policy, QuestionKey question) {
        return counter.promised(policy, question, counter.endOfLine(policy, NOW), NOW);
    }

    private static Counter withPlaces(List<Place> places) {
        return new Counter(1, PermitLog.EMPTY, new Line(places), Pause.NONE, 0, 0, List.of(), Map.of());
    }

    private static Place open(long slot, QuestionKey question) {
        return new Place(slot, question);
    }

    private static Pause pauseUntil(long time) {
        return new Pause(time, Cause.THROTTLED);
    }

    private static QuotaPolicy perMinute(int permits) {
        return new QuotaPolicy(List.of(new Quota(permits, ofMinutes(1), 0)), ofSeconds(2));
    }
}
