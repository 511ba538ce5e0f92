package dev.alertuser.ratelimit.counter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.alertuser.service.budget.Priority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class QuotaPolicyTest {

    @Property
    void theStrictestIsTheSameWhicheverComesFirst(
            @ForAll("policies") QuotaPolicy one,
            @ForAll("policies") QuotaPolicy two,
            @ForAll("policies") QuotaPolicy three) {
        assertThat(one.strictest(two)).isEqualTo(two.strictest(one));
        assertThat(one.strictest(two).strictest(three)).isEqualTo(one.strictest(two.strictest(three)));
        assertThat(one.strictest(one)).isEqualTo(one);
        assertThat(one.strictest(two).strictest(two)).isEqualTo(one.strictest(two));
    }

    @Property
    void theStrictestIsNowhereLooserThanEither(
            @ForAll("policies") QuotaPolicy one, @ForAll("policies") QuotaPolicy two) {
        QuotaPolicy both = one.strictest(two);

        for (QuotaPolicy either : List.of(one, two)) {
            assertThat(both.margin()).isGreaterThanOrEqualTo(either.margin());
            for (Quota quota : either.quotas()) {
                Quota strict = both.quotas().stream()
                        .filter(candidate -> candidate.window().equals(quota.window()))
                        .findFirst()
                        .orElseThrow();
                for (Priority priority : Priority.values()) {
                    assertThat(strict.permitsFor(priority)).isLessThanOrEqualTo(quota.permitsFor(priority));
                }
            }
        }
    }

    /** In a commit, while five versions of the settings are deployed, say. */
    @Test
    void theStrictestOfManyWindowsKeepsToAllOfThem() {
        List<QuotaPolicy> policies = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            int first = i;
            policies.add(new QuotaPolicy(
                    IntStream.range(0, 16)
                            .mapToObj(j -> new Quota(10 + j, Duration.ofSeconds(1 + 5 * j + first), first))
                            .toList(),
                    Duration.ofSeconds(2)));
        }

        QuotaPolicy strictest = policies.stream().reduce(QuotaPolicy::strictest).orElseThrow();

        for (QuotaPolicy each : policies) {
            for (Quota quota : each.quotas()) {
                assertThat(strictest.quotas())
                        .as("stricter than %s", quota)
                        .anyMatch(strict -> strict.window().compareTo(quota.window()) >= 0
                                && strict.permits() <= quota.permits()
                                && strict.permitsFor(Priority.BACKLOG) <= quota.permitsFor(Priority.BACKLOG));
            }
        }
    }

    @Test
    void aWindowHasOneQuota() {
        Quota quota = new Quota(1, Duration.ofMinutes(1), 0);

        assertThatThrownBy(() -> new QuotaPolicy(List.of(quota, quota), Duration.ZERO))
                .hasMessage("each window may have one quota only but two last PT1M");
    }

    /** Few windows, so that many are in both. */
    @Provide
    Arbitrary<QuotaPolicy> policies() {
        Arbitrary<Quota> quotas = Combinators.combine(
                        Arbitraries.integers().between(1, 10_000),
                        Arbitraries.integers().between(1, 6),
                        Arbitraries.integers().between(0, 9_999))
                .as((permits, minutes, reserve) ->
                        new Quota(permits, Duration.ofMinutes(minutes), Math.min(reserve, permits - 1)));
        return Combinators.combine(
                        quotas.list().ofMinSize(1).ofMaxSize(4).uniqueElements(Quota::window),
                        Arbitraries.integers().between(0, 60_000))
                .as((list, margin) -> new QuotaPolicy(list, Duration.ofMillis(margin)));
    }

    @Test
    void keepsUpToSixteenWindows() {
        QuotaPolicy even = policy(IntStream.range(0, 8).mapToObj(i -> quota(100, 2 * i + 2, 0)));
        QuotaPolicy odd = policy(IntStream.range(0, 8).mapToObj(i -> quota(100, 2 * i + 1, 0)));

        assertThat(even.strictest(odd))
                .isEqualTo(policy(IntStream.rangeClosed(1, 16).mapToObj(i -> quota(100, i, 0))));
    }

    @Test
    void mergesTheTwoLongestOfSeventeenWindows() {
        QuotaPolicy sixteen = policy(IntStream.rangeClosed(2, 17).mapToObj(i -> quota(10 + i, i, 2)));

        assertThat(sixteen.strictest(policy(Stream.of(quota(10, 1, 0)))))
                .isEqualTo(policy(IntStream.rangeClosed(1, 16)
                        .mapToObj(i -> i == 1 ? quota(10, 1, 0) : i == 16 ? quota(26, 17, 2) : quota(10 + i, i, 2))));
    }

    @Test
    void aMergedQuotaReservesFewerThanItsPermits() {
        QuotaPolicy sixteen = policy(IntStream.rangeClosed(1, 16).mapToObj(i -> quota(100, i, 99)));

        List<Quota> merged =
                sixteen.strictest(policy(Stream.of(quota(5, 17, 0)))).quotas();

        assertThat(merged).hasSize(16);
        assertThat(merged.get(15)).isEqualTo(quota(5, 17, 4));
    }

    private static Quota quota(int permits, int seconds, int reserve) {
        return new Quota(permits, Duration.ofSeconds(seconds), reserve);
    }

    private static QuotaPolicy policy(Stream<Quota> quotas) {
        return new QuotaPolicy(quotas.toList(), Duration.ofSeconds(2));
    }
}
