package dev.alertuser.ratelimit.counter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.alertuser.ratelimit.VirtualTime;
import dev.alertuser.service.budget.Priority;
import dev.alertuser.service.budget.QuestionKey;
import dev.alertuser.service.budget.RateLimiter.Cause;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.statistics.Statistics;
import org.junit.jupiter.api.Test;

class CounterCodecTest {
    private static final QuotaPolicy POLICY = new QuotaPolicy(
            List.of(new Quota(100, Duration.ofMinutes(1), 40), new Quota(1500, Duration.ofHours(1), 70)),
            Duration.ofSeconds(2));

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
    void bytesWithoutTheirChecksumAreCorrupt(@ForAll byte[] bytes) {
        if (bytes.length > 0) {
            bytes[0] = 2;
        }
        assertThatThrownBy(() -> CounterCodec.decode(bytes)).isInstanceOf(CorruptCounterException.class);
    }

    /** Whatever stands behind the right checksum: what is read as a counter can be made plausible, written and read back. */
    @Property(tries = 5_000)
    void anyBytesUnderTheirChecksumAreACounterThatCanBeWrittenOrAreCorrupt(@ForAll("forgedBytes") byte[] bytes) {
        Statistics.coverage(found -> {
            found.check("counter").percentage(share -> share > 5);
            found.check("corrupt").percentage(share -> share > 5);
        });
        Counter counter;
        try {
            counter = CounterCodec.decode(bytes);
        } catch (CorruptCounterException e) {
            Statistics.collect("corrupt");
            return;
        }
        Statistics.collect("counter");
        assertThat(slots(counter.log())).isSorted().allMatch(slot -> slot >= 0);
        TimeBounds now = new TimeBounds(VirtualTime.START_MILLIS, VirtualTime.START_MILLIS + 20);
        Counter next = counter.plausible(POLICY, now).committed(new UUID(1, 2), POLICY, now);
        assertThat(CounterCodec.decode(CounterCodec.encode(next))).isEqualTo(next);
    }

    @Test
    void doesNotTouchAnotherFormat() {
        byte[] bytes = CounterCodec.encode(Counter.EMPTY);
        bytes[0] = 7;

        assertThatThrownBy(() -> CounterCodec.decode(bytes))
                .isInstanceOf(UnknownFormatException.class)
                .hasMessage("the counter has format 7 but this version of the app knows only 1 and 2");
    }

    /** The format as CounterCodec describes it, with integers of one and two bytes. */
    @Test
    void writesWhatTheFormatSays() {
        PermitLog log = PermitLog.EMPTY
                .with(0x0102030405L, Priority.INTERACTIVE)
                .with(0x0102030405L + 63, Priority.BACKLOG)
                .with(0x0102030405L + 63 + 64, 300, Priority.INTERACTIVE);
        Counter counter = new Counter(
                7,
                log,
                Line.EMPTY
                        .with(new Place(0x0203040506L, new QuestionKey(14)))
                        .with(new Place(0x0203040506L + 64, new QuestionKey(15), true)),
                new Pause(8, Cause.RECOVERING),
                9,
                10,
                List.of(new UUID(10, 11)),
                Map.of(new QuotaPolicy(List.of(new Quota(127, Duration.ofMillis(128), 1)), Duration.ofMillis(3)), 12L));

        String hex = HexFormat.of().formatHex(CounterCodec.encode(counter));

        assertThat(hex.substring(0, hex.length() - 8))
                .isEqualTo("02" + "0000000000000007" + "0000000000000008" + "01" + "0000000000000009"
                        + "000000000000000a"
                        + "01" + "000000000000000a" + "000000000000000b"
                        + "01" + "000000000000000c" + "03" + "01" + "7f" + "8001" + "01"
                        + "03" + "0000000102030405" + "00" + "fd01" + "8202" + "03"
                        + "02" + "0000000203040506" + "00" + "000000000000000e" + "8101" + "000000000000000f");
    }

    @Test
    void readsTheFirstAndTheLastSlotThereCanBe() {
        PermitLog.Builder log = new PermitLog.Builder(2);
        log.add(0, 0, Priority.INTERACTIVE);
        log.add(PermitLog.LATEST, 100, Priority.BACKLOG);
        Counter counter = new Counter(1, log.build(), Line.EMPTY, Pause.NONE, 0, 0, List.of(), Map.of());

        assertThat(CounterCodec.decode(CounterCodec.encode(counter))).isEqualTo(counter);
    }

    /** In the first format, by a version that knew of no cause. */
    private static final byte[] WITHOUT_CAUSE = HexFormat.of()
            .parseHex(
                    "0100000000000000070000019b76db92600000019b76dc2ea001"
                            + "00000000000000010000000000000002010000019b76daa800d00f0164e0d40328020000019b76daa80000d90442fff0ce");

    @Test
    void readsTheFirstFormat() {
        Counter counter = CounterCodec.decode(WITHOUT_CAUSE);

        assertThat(counter.pause()).isEqualTo(new Pause(1_767_225_660_000L, Cause.THROTTLED));
        assertThat(counter.version()).isEqualTo(7);
        assertThat(slots(counter.log())).containsExactly(1_767_225_600_000L, 1_767_225_600_300L);
        assertThat(counter.log().priority(1)).isEqualTo(Priority.BACKLOG);
        assertThat(counter.policies()).hasSize(1);
        assertThat(counter.line().size()).isZero();
        assertThat(CounterCodec.decode(CounterCodec.encode(counter))).isEqualTo(counter);
    }

    @Test
    void readsTheCauseOfAPauseInTheFirstFormat() {
        byte[] bytes = Arrays.copyOf(WITHOUT_CAUSE, WITHOUT_CAUSE.length + 1);
        bytes[WITHOUT_CAUSE.length - 4] = 1;

        assertThat(CounterCodec.decode(underItsChecksum(bytes)).pause().cause()).isEqualTo(Cause.RECOVERING);
    }

    @Test
    void theLargestCounterFitsOneTableProperty() {
        Map<QuotaPolicy, Long> policies = new LinkedHashMap<>();
        for (int margin = 0; margin < 4; margin++) {
            policies.put(
                    new QuotaPolicy(
                            IntStream.rangeClosed(9, 24)
                                    .mapToObj(hours -> new Quota(10_000, Duration.ofHours(hours), 9_999))
                                    .toList(),
                            Duration.ofSeconds(margin)),
                    Long.MAX_VALUE);
        }
        PermitLog.Builder log = new PermitLog.Builder(10_000);
        for (int i = 0; i < 10_000; i++) {
            log.add(VirtualTime.START_MILLIS + i * Duration.ofDays(1).toMillis() / 10_000, 10_000, Priority.BACKLOG);
        }
        Line line = new Line(IntStream.range(0, Line.MOST)
                .mapToObj(i -> new Place(VirtualTime.START_MILLIS + i * 60_000L, new QuestionKey(-i)))
                .toList());
        List<UUID> commits =
                Stream.generate(UUID::randomUUID).limit(Counter.MAX_COMMITS).toList();

        assertThat(CounterCodec.encode(new Counter(
                        Long.MAX_VALUE,
                        log.build(),
                        line,
                        new Pause(Long.MAX_VALUE, Cause.RECOVERING),
                        Long.MAX_VALUE,
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

        assertThat(CounterCodec.encode(new Counter(1, log, Line.EMPTY, Pause.NONE, 0, 0, List.of(), Map.of())))
                .hasSizeLessThan(5_000);
    }

    private static List<Long> slots(PermitLog log) {
        return IntStream.range(0, log.size()).mapToObj(log::slot).toList();
    }

    /** Counters of which some bytes are overwritten and some cut off, any number of slots, and bytes that never were a counter. */
    @Provide
    Arbitrary<byte[]> forgedBytes() {
        Arbitrary<List<Tuple2<Integer, Byte>>> edits = Combinators.combine(
                        Arbitraries.integers().between(0, 1 << 16).withDistribution(RandomDistribution.uniform()),
                        Arbitraries.bytes())
                .as(Tuple::of)
                .list()
                .ofMaxSize(4);
        Arbitrary<byte[]> edited = Combinators.combine(
                        counters(), edits, Arbitraries.integers().between(0, 40))
                .as((counter, changes, cut) -> {
                    byte[] bytes = CounterCodec.encode(counter);
                    changes.forEach(change -> bytes[change.get1() % bytes.length] = change.get2());
                    return Arrays.copyOf(bytes, bytes.length - Math.max(0, cut - 30));
                });
        Arbitrary<byte[]> rest = Arbitraries.bytes().array(byte[].class).ofMinSize(5);
        Arbitrary<Long> slots =
                Arbitraries.oneOf(Arbitraries.longs(), Arbitraries.longs().between(0, 3));
        Arbitrary<byte[]> counted = Combinators.combine(slots, rest).as(CounterCodecTest::claimingSlots);
        return Arbitraries.oneOf(edited, rest, counted)
                .flatMap(bytes -> Arbitraries.of((byte) 1, (byte) 2).map(format -> {
                    bytes[0] = format;
                    return underItsChecksum(bytes);
                }));
    }

    /** Bytes of a counter up to the number of its slots, which is that one, and others behind it. */
    private static byte[] claimingSlots(long slots, byte[] rest) {
        ByteBuffer out = ByteBuffer.allocate(36 + 10 + rest.length).position(36);
        long left = slots;
        while (left < 0 || left > 0x7F) {
            out.put((byte) (left | 0x80));
            left >>>= 7;
        }
        out.put((byte) left).put(rest);
        return Arrays.copyOf(out.array(), out.position());
    }

    private static byte[] underItsChecksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, bytes.length - 4);
        ByteBuffer.wrap(bytes).putInt(bytes.length - 4, (int) crc.getValue());
        return bytes;
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
                        log = log.with(
                                slot,
                                (int) (slot % 101) * 100,
                                slot % 2 == 0 ? Priority.INTERACTIVE : Priority.BACKLOG);
                    }
                    return log;
                });
        Arbitrary<Line> lines = Arbitraries.longs()
                .between(0, 1L << 45)
                .list()
                .ofMaxSize(50)
                .map(slots -> {
                    Line line = Line.EMPTY;
                    for (long slot : slots) {
                        line = line.with(new Place(slot, new QuestionKey(-slot), slot % 3 == 0));
                    }
                    return line;
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
                        lines,
                        pauses,
                        longs,
                        longs,
                        commits,
                        Arbitraries.maps(policies, longs).ofMaxSize(4))
                .as(Counter::new);
    }
}
