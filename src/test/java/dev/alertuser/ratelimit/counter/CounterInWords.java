package dev.alertuser.ratelimit.counter;

import dev.alertuser.service.budget.Priority;
import dev.alertuser.service.budget.RateLimiter.Cause;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The row of the counter for a reader who does not know {@link CounterCodec}. */
public final class CounterInWords {
    private final byte[] bytes;
    private final TimeBounds now;
    private final List<String> lines = new ArrayList<>();

    private CounterInWords(byte[] bytes, TimeBounds now) {
        this.bytes = bytes;
        this.now = now;
    }

    /**
     * One line for each thing that the bytes say; or one that says why they say nothing.
     *
     * @param bytes the property of the row
     * @param now what the waits are counted from
     */
    public static List<String> of(byte[] bytes, TimeBounds now) {
        try {
            Counter counter = CounterCodec.decode(bytes);
            return new CounterInWords(bytes, now).describe(counter);
        } catch (UnknownFormatException e) {
            return List.of(e.getMessage() + ": it is left alone, and no permit is granted");
        } catch (CorruptCounterException e) {
            return List.of(e.getMessage() + ": the next write takes the last hour as evenly used");
        }
    }

    private List<String> describe(Counter counter) {
        line("row", "format %d, written %d times, %d bytes", bytes[0], counter.version(), bytes.length);
        slots(counter.log());
        pause(counter);
        counter.policies().forEach((policy, at) -> line("policy", "%s, last written with %s", words(policy), ago(at)));
        counter.policies().keySet().stream().findFirst().ifPresent(own -> windows(counter, counter.binding(own, now)));
        line(
                "commits",
                "%s",
                counter.commits().isEmpty()
                        ? "none"
                        : counter.commits().size() + " ids, the last "
                                + counter.commits().get(0));
        return lines;
    }

    private void slots(PermitLog log) {
        int opened = log.countUpTo(now.late());
        if (log.size() == 0) {
            line("permits", "none");
        } else {
            line(
                    "permits",
                    "%d, the oldest %s, the newest %s; %d of them reserved ahead",
                    log.size(),
                    ago(log.slot(0)),
                    ago(log.slot(log.size() - 1)),
                    log.size() - opened);
        }
    }

    private void pause(Counter counter) {
        String why = counter.pause().cause() == Cause.RECOVERING ? ", since the row was lost or damaged" : "";
        line("pause", "%s", counter.pausedUntil() > now.early() ? "for " + left(counter.pausedUntil()) + why : "none");
    }

    private void windows(Counter counter, QuotaPolicy binding) {
        for (Quota quota : binding.quotas()) {
            PermitLog counted = counter.log().after(now.early() - binding.span(quota));
            line(
                    "window",
                    "%s: %d of %d permits charged, %d of them by the queue, which leaves %d to others",
                    quota.window(),
                    counted.size(),
                    quota.permits(),
                    ofBacklog(counted),
                    quota.reserve());
        }
        for (Priority priority : Priority.values()) {
            long slot = counter.earliest(binding, priority, now);
            line("next", "%s: %s", priority, slot <= now.late() ? "at once" : "in " + left(slot));
        }
    }

    private static long ofBacklog(PermitLog log) {
        long count = 0;
        for (int i = 0; i < log.size(); i++) {
            count += log.priority(i) == Priority.BACKLOG ? 1 : 0;
        }
        return count;
    }

    private static String words(QuotaPolicy policy) {
        return policy.quotas().stream()
                        .map(quota -> quota.permits() + " in " + quota.window())
                        .collect(Collectors.joining(" and "))
                + ", margin " + policy.margin();
    }

    private String ago(long time) {
        Instant at = Instant.ofEpochMilli(time);
        return time <= now.late()
                ? at + " (" + Duration.ofMillis(now.late() - time) + " ago)"
                : at + " (in " + left(time) + ")";
    }

    private Duration left(long time) {
        return Duration.ofMillis(time - now.late());
    }

    private void line(String what, String format, Object... arguments) {
        lines.add(String.format(Locale.ROOT, "%-8s ", what) + String.format(Locale.ROOT, format, arguments));
    }
}
