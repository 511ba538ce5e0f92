package dev.alertuser.ratelimit.counter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.service.budget.Priority;
import dev.alertuser.service.budget.RateLimiter.Cause;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CounterInWordsTest {
    private static final long NOON = Instant.parse("2026-01-01T12:00:00Z").toEpochMilli();
    private static final TimeBounds NOW = new TimeBounds(NOON, NOON);
    private static final QuotaPolicy POLICY = new QuotaPolicy(
            List.of(new Quota(2, Duration.ofMinutes(1), 1), new Quota(1500, Duration.ofHours(1), 60)),
            Duration.ofSeconds(2));
    private static final UUID COMMIT = UUID.fromString("0a0b0c0d-0000-4000-8000-000000000001");

    @Test
    void reportsWhatIsUsedWhatIsFreeAndTheReset() {
        Counter counter = Counter.EMPTY
                .with(POLICY, Priority.BACKLOG, NOON - 30_000, NOW)
                .with(POLICY, Priority.INTERACTIVE, NOON - 10_000, NOW)
                .with(POLICY, Priority.INTERACTIVE, NOON + 32_000, NOW)
                .committed(COMMIT, POLICY, NOW);
        byte[] bytes = CounterCodec.encode(counter);

        assertThat(CounterInWords.of(bytes, NOW))
                .containsExactly(
                        "row      format 2, written 1 times, " + bytes.length + " bytes",
                        "permits  3, the oldest 2026-01-01T11:59:30Z (PT30S ago), the newest 2026-01-01T12:00:32Z (in PT32S); 1 of"
                                + " them reserved ahead",
                        "pause    none",
                        "policy   2 in PT1M and 1500 in PT1H, margin PT2S, last written with 2026-01-01T12:00:00Z (PT0S ago)",
                        "window   PT1M: 3 of 2 permits charged, 1 of them by the queue, which leaves 1 to others",
                        "window   PT1H: 3 of 1500 permits charged, 1 of them by the queue, which leaves 60 to others",
                        "next     INTERACTIVE: in PT52S",
                        "next     BACKLOG: in PT1M34S",
                        "commits  1 ids, the last " + COMMIT);
    }

    @Test
    void reportsAPause() {
        byte[] bytes = CounterCodec.encode(Counter.EMPTY.paused(new Pause(NOON + 90_000, Cause.THROTTLED), POLICY));

        assertThat(CounterInWords.of(bytes, NOW)).contains("pause    for PT1M30S", "permits  none", "commits  none");

        byte[] madeUp = CounterCodec.encode(Counter.assumedUsed(POLICY, NOW, 0));
        assertThat(CounterInWords.of(madeUp, NOW)).contains("pause    for PT1M2S, since the row was lost or damaged");
    }

    @Test
    void describesARowThatCannotBeRead() {
        byte[] bytes = CounterCodec.encode(Counter.EMPTY);
        bytes[5] ^= 1;
        assertThat(CounterInWords.of(bytes, NOW))
                .containsExactly("the checksum of the counter's " + bytes.length
                        + " bytes does not match: the next write takes the last hour as evenly used");

        bytes[0] = 3;
        assertThat(CounterInWords.of(bytes, NOW))
                .containsExactly(
                        "the counter has format 3 but this version of the app knows only 1 and 2: it is left alone, and no permit is"
                                + " granted");
    }
}
