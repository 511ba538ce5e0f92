package dev.alertuser.ratelimit;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.ratelimit.counter.Quota;
import dev.alertuser.ratelimit.counter.QuotaPolicy;
import dev.alertuser.ratelimit.store.InMemoryCounterStore;
import dev.alertuser.ratelimit.store.StorageClock;
import dev.alertuser.service.budget.Priority;
import dev.alertuser.service.budget.RateLimiter.Decision;
import dev.alertuser.service.budget.RateLimiter.Decision.Denied;
import dev.alertuser.service.budget.RateLimiter.Decision.Granted;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows that a writer with access to the table forged: format and checksum are right, the content is not. */
@Timeout(60)
class ForgedRowTest {
    private static final QuotaPolicy POLICY =
            new QuotaPolicy(List.of(new Quota(100, ofMinutes(1), 40), new Quota(1500, ofHours(1), 75)), ofSeconds(2));

    private static final long NOW = VirtualTime.START_MILLIS;
    private static final long YEAR_3000 = 32_503_680_000_000L;
    private static final int DAY = 86_400_000;

    /** No longer than what any honest row may demand: a pause as long as the longest window, and the pace of the backlog after it. */
    private static final Duration LONGEST_DENIAL = ofHours(3);

    private final VirtualTime time = new VirtualTime();
    private final StorageClock clock = new StorageClock(time::nanoTime);
    private final InMemoryCounterStore store = new InMemoryCounterStore(time, clock);

    static Stream<Arguments> forgeries() {
        return Stream.of(
                row("no members", out -> {}),
                row("only a version", out -> out.putLong(1)),
                row("255 commit ids", out -> head(out).put((byte) 255)),
                row("127 commit ids that are not there", out -> head(out).put((byte) 127)),
                row(
                        "127 policies that are not there",
                        out -> head(out).put((byte) 0).put((byte) 127)),
                row("255 policies", out -> head(out).put((byte) 0).put((byte) 255)),
                row("a policy of 2^62 windows", out -> {
                    head(out).put((byte) 0).put((byte) 1).putLong(NOW);
                    varints(out, 2_000, 1L << 62);
                }),
                row("a policy of 4000 windows", out -> {
                    head(out).put((byte) 0).put((byte) 1).putLong(NOW);
                    varints(out, 2_000, 4_000);
                    for (int i = 1; i <= 4_000; i++) {
                        varints(out, 10, i, 0);
                    }
                    log(out, 0, 0);
                }),
                row("a policy of 2^32 + 5 permits", out -> policy(out, NOW, (1L << 32) + 5, 60_000)),
                row("a policy that never lets anything through", out -> policy(out, NOW, 0, 60_000)),
                row("a policy with a window of ages", out -> policy(out, NOW, 1, YEAR_3000)),
                row("a policy of a day that was written in the year 3000", out -> policy(out, YEAR_3000, 1, DAY)),
                row("a policy that was written at the end of time", out -> policy(out, Long.MAX_VALUE, 1, DAY)),
                row("a policy that was written before time", out -> policy(out, Long.MIN_VALUE, 1, DAY)),
                row("-1 slots", out -> log(plain(out), 0xFFFF_FFFFL, NOW)),
                row("2^26 slots", out -> log(plain(out), 1 << 26, NOW)),
                row("2^31 - 1 slots", out -> log(plain(out), Integer.MAX_VALUE, NOW)),
                row("2^40 slots", out -> log(plain(out), 1L << 40, NOW)),
                row("one slot more than is there", out -> log(plain(out), 3, NOW, 2, 2)),
                row("a varint without an end", out -> {
                    plain(out);
                    for (int i = 0; i < 20; i++) {
                        out.put((byte) 0x80);
                    }
                }),
                row("a slot at the end of time", out -> log(plain(out), 1, Long.MAX_VALUE, 0)),
                row("a slot before time", out -> log(plain(out), 1, Long.MIN_VALUE, 0)),
                row("slots that overflow", out -> log(plain(out), 3, NOW, 0, Long.MAX_VALUE, Long.MAX_VALUE)),
                row("a minute's permits in each minute of ten hours ahead", out -> {
                    log(
                            plain(out),
                            20_000,
                            NOW,
                            Stream.generate(() -> 2 * 1_800L)
                                    .limit(20_000)
                                    .mapToLong(Long::longValue)
                                    .toArray());
                }),
                row("20000 slots now", out -> log(plain(out), 20_000, NOW, new long[20_000])),
                row("a pause until the year 3000", out -> whole(out, 1, YEAR_3000, 0)),
                row("a pause until the end of time", out -> whole(out, 1, Long.MAX_VALUE, 0)),
                row("a pause before time", out -> whole(out, 1, Long.MIN_VALUE, 0)),
                row("a pace of the year 3000", out -> whole(out, 1, 0, YEAR_3000)),
                row("a pace of the end of time", out -> whole(out, 1, 0, Long.MAX_VALUE)),
                row("a pace before time", out -> whole(out, 1, 0, Long.MIN_VALUE)),
                row("the last version", out -> whole(out, Long.MAX_VALUE, 0, 0)),
                row("the version after the last", out -> whole(out, Long.MIN_VALUE, 0, 0)),
                row("version -1", out -> whole(out, -1, 0, 0)),
                row("bytes after the end", out -> whole(out, 1, 0, 0).put(new byte[10_000])));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forgeries")
    void noForgedRowStopsANewInstanceForLong(byte[] forged) throws Exception {
        store.put(forged);

        assertThatAllAreServedInTheEnd();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forgeries")
    void noForgedRowStopsRunningInstancesForLong(byte[] forged) throws Exception {
        DurableRateLimiter one = limiter();
        DurableRateLimiter two = limiter();
        acquire(one, Priority.INTERACTIVE);
        acquire(two, Priority.BACKLOG);
        store.put(forged);

        assertThatAllAreServedInTheEnd(one, two);
    }

    private void assertThatAllAreServedInTheEnd(DurableRateLimiter... known) throws InterruptedException {
        List<DurableRateLimiter> all =
                Stream.concat(Stream.of(known), Stream.of(limiter(), limiter())).toList();
        for (DurableRateLimiter each : all) {
            for (Priority priority : Priority.values()) {
                assertThat(acquire(each, priority)).as("%s", priority).isLessThan(LONGEST_DENIAL);
            }
        }
        int writes = store.writes();
        assertThat(acquire(all.get(0), Priority.INTERACTIVE)).isLessThan(ofMinutes(2));
        assertThat(store.writes() - writes)
                .as("writes once the row is right again")
                .isLessThan(4);
    }

    /** Time until a permit, with a request at each retry time, but every ten minutes at least: others may have replaced the row. */
    private Duration acquire(DurableRateLimiter limiter, Priority priority) throws InterruptedException {
        long start = time.millis();
        Decision decision = Newcomer.acquire(limiter, priority, Duration.ZERO);
        while (!(decision instanceof Granted) && time.millis() - start < LONGEST_DENIAL.toMillis()) {
            time.sleep(
                    Math.min(600_000, 1_000 + ((Denied) decision).retryAfter().toMillis()));
            decision = Newcomer.acquire(limiter, priority, Duration.ZERO);
        }
        return Duration.ofMillis(time.millis() - start);
    }

    private DurableRateLimiter limiter() {
        Random random = new Random(1);
        Committer committer = new Committer(store, clock, POLICY, time::instant, time, random);
        StoreBreaker breaker = new StoreBreaker(new ReentrantLock(), clock::nanoTime, random);
        return new DurableRateLimiter(new SharedCounter(committer, breaker), clock, time::instant, time, random);
    }

    private static Arguments row(String name, Consumer<ByteBuffer> members) {
        ByteBuffer out = ByteBuffer.allocate(64 * 1024);
        out.put((byte) 1);
        members.accept(out);
        CRC32C crc = new CRC32C();
        crc.update(out.array(), 0, out.position());
        out.putInt((int) crc.getValue());
        return Arguments.of(Named.of(name, Arrays.copyOf(out.array(), out.position())));
    }

    private static ByteBuffer whole(ByteBuffer out, long version, long pausedUntil, long pacedUntil) {
        out.putLong(version).putLong(pausedUntil).putLong(pacedUntil);
        return log(out.put((byte) 0).put((byte) 0), 0, 0);
    }

    private static ByteBuffer head(ByteBuffer out) {
        return out.putLong(1).putLong(0).putLong(0);
    }

    private static ByteBuffer plain(ByteBuffer out) {
        return head(out).put((byte) 0).put((byte) 0);
    }

    private static void policy(ByteBuffer out, long at, long permits, long window) {
        head(out).put((byte) 0).put((byte) 1).putLong(at);
        varints(out, 2_000, 1, permits, window, 0);
        log(out, 0, 0);
    }

    private static ByteBuffer log(ByteBuffer out, long size, long first, long... entries) {
        varints(out, size);
        out.putLong(first);
        varints(out, entries);
        return out;
    }

    private static void varints(ByteBuffer out, long... values) {
        for (long value : values) {
            long rest = value;
            while (rest > 0x7F) {
                out.put((byte) (rest | 0x80));
                rest >>>= 7;
            }
            out.put((byte) rest);
        }
    }
}
