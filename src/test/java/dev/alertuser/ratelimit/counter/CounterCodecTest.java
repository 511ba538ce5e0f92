package dev.alertuser.ratelimit.counter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.alertuser.ratelimit.VirtualTime;
import dev.alertuser.service.budget.Priority;
import dev.alertuser.service.budget.RateLimiter.Cause;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
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
import org.junit.jupiter.api.Test;

class CounterCodecTest {
    /** What one property of a table holds. */
    private static final int MAX_BYTES = 64 * 1024;

    @Property
    void readsBackWhatItWrote(@ForAll("counters") Counter counter) {
        assertThat(CounterCodec.decode(CounterCodec.encode(counter))).isEqualTo(counter);
    }

    @Property
    void noticesEveryFlippedBit(@ForAll("counters") Counter counter, @ForAll @IntRange(min = 8) int position) {
        byte[] bytes = CounterCodec.encode(counter);
        int bit = 8 + position % (8 * (bytes.length - 1));
        bytes[bit / 8] ^= (byte) (1 << bit % 8);

        assertThatThrownBy(() -> CounterCodec.decode(bytes)).isInstanceOf(CorruptCounterException.class);
    }

    @Property
    void readsAnyBytesAsACounterOrAsCorrupt(@ForAll byte[] bytes) {
        if (bytes.length > 0) {
            bytes[0] = 1;
        }
        assertThatThrownBy(() -> CounterCodec.decode(bytes)).isInstanceOf(CorruptCounterException.class);
    }

    @Test
    void doesNotTouchAnotherFormat() {
        byte[] bytes = CounterCodec.encode(Counter.EMPTY);
        bytes[0] = 7;

        assertThatThrownBy(() -> CounterCodec.decode(bytes))
                .isInstanceOf(UnknownFormatException.class)
                .hasMessage("the counter has format 7 but this version of the app knows only 1");
    }

    /** As the versions wrote them that knew of no cause: all others of their rows are read and written alike. */
    private static final byte[] WITHOUT_CAUSE = HexFormat.of()
            .parseHex(
                    "0100000000000000070000019b76db92600000019b76dc2ea001"
                            + "00000000000000010000000000000002010000019b76daa800d00f0164e0d40328020000019b76daa80000d90442fff0ce");

    @Test
    void aPauseOfDefenderIsWrittenInTheBytesOfOlderVersions() {
        Counter counter = CounterCodec.decode(WITHOUT_CAUSE);

        assertThat(counter.pause()).isEqualTo(new Pause(1_767_225_660_000L, Cause.THROTTLED));
        assertThat(CounterCodec.encode(counter)).isEqualTo(WITHOUT_CAUSE);
    }

    /**
     * While old and new versions run side by side: an old one reads up to the slots, so it keeps to the pause and blames Defender, and its
     * next write leaves the cause out, whereupon the new ones do so, too.
     */
    @Test
    void theCauseOfAPauseStandsBehindTheMembersOfOlderVersions() {
        Counter counter = CounterCodec.decode(WITHOUT_CAUSE);
        Counter recovering = new Counter(
                counter.version(),
                counter.log(),
                new Pause(counter.pausedUntil(), Cause.RECOVERING),
                counter.pacedUntil(),
                counter.commits(),
                counter.policies());

        byte[] bytes = CounterCodec.encode(recovering);

        int read = WITHOUT_CAUSE.length - 4;
        assertThat(Arrays.copyOf(bytes, read)).isEqualTo(Arrays.copyOf(WITHOUT_CAUSE, read));
        assertThat(bytes).hasSize(WITHOUT_CAUSE.length + 1);
        assertThat(CounterCodec.decode(bytes)).isEqualTo(recovering);
    }

    @Test
    void theLargestCounterFitsOneTableProperty() {
        Map<QuotaPolicy, Long> policies = new LinkedHashMap<>();
        for (int margin = 0; margin < 4; margin++) {
            policies.put(
                    new QuotaPolicy(
                            List.of(1, 2, 3, 24).stream()
                                    .map(hours -> new Quota(10_000, Duration.ofHours(hours), 9_999))
                                    .toList(),
                            Duration.ofSeconds(margin)),
                    Long.MAX_VALUE);
        }
        PermitLog.Builder log = new PermitLog.Builder(10_000);
        for (int i = 0; i < 10_000; i++) {
            log.add(VirtualTime.START_MILLIS + i * Duration.ofDays(1).toMillis() / 10_000, Priority.BACKLOG);
        }
        List<UUID> commits =
                java.util.stream.Stream.generate(UUID::randomUUID).limit(16).toList();

        assertThat(CounterCodec.encode(new Counter(
                        Long.MAX_VALUE,
                        log.build(),
                        new Pause(Long.MAX_VALUE, Cause.RECOVERING),
                        Long.MAX_VALUE,
                        commits,
                        policies)))
                .hasSizeLessThan(MAX_BYTES);
    }

    @Test
    void aFullHourTakesAboutFiveKilobytes() {
        PermitLog log = PermitLog.EMPTY;
        for (int i = 0; i < 1500; i++) {
            log = log.with(VirtualTime.START_MILLIS + 2_400L * i, Priority.BACKLOG);
        }

        assertThat(CounterCodec.encode(new Counter(1, log, Pause.NONE, 0, List.of(), Map.of())))
                .hasSizeLessThan(5_000);
    }

    @Provide
    Arbitrary<Counter> counters() {
        Arbitrary<Long> longs = Arbitraries.longs();
        Arbitrary<Pause> pauses = Combinators.combine(longs, Arbitraries.of(Cause.THROTTLED, Cause.RECOVERING))
                .as(Pause::new);
        Arbitrary<PermitLog> logs = Arbitraries.longs()
                .between(0, 1L << 45)
                .list()
                .ofMaxSize(50)
                .map(slots -> {
                    PermitLog log = PermitLog.EMPTY;
                    for (long slot : slots) {
                        log = log.with(slot, slot % 2 == 0 ? Priority.INTERACTIVE : Priority.BACKLOG);
                    }
                    return log;
                });
        Arbitrary<List<UUID>> commits =
                Combinators.combine(longs, longs).as(UUID::new).list().ofMaxSize(16);
        Arbitrary<Quota> quotas = Combinators.combine(
                        Arbitraries.integers().between(1, 10_000),
                        Arbitraries.longs().between(1, 86_400_000))
                .as((permits, window) -> new Quota(permits, Duration.ofMillis(window), permits / 2));
        Arbitrary<QuotaPolicy> policies = Combinators.combine(
                        quotas.list().ofMinSize(1).ofMaxSize(4).uniqueElements(Quota::window),
                        Arbitraries.longs().between(0, 60_000))
                .as((list, margin) -> new QuotaPolicy(list, Duration.ofMillis(margin)));
        return Combinators.combine(
                        longs,
                        logs,
                        pauses,
                        longs,
                        commits,
                        Arbitraries.maps(policies, longs).ofMaxSize(4))
                .as(Counter::new);
    }
}
