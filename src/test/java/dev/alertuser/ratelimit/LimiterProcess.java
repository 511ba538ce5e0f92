package dev.alertuser.ratelimit;

import dev.alertuser.endtoend.AppTables;
import dev.alertuser.ratelimit.LimiterMetrics.Count;
import dev.alertuser.ratelimit.counter.Quota;
import dev.alertuser.ratelimit.counter.QuotaPolicy;
import dev.alertuser.service.budget.BudgetUnavailableException;
import dev.alertuser.service.budget.Priority;
import dev.alertuser.service.budget.RateLimiter.Decision;
import dev.alertuser.service.budget.RateLimiter.Decision.Denied;
import dev.alertuser.service.budget.RateLimiter.Decision.Granted;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One instance of the app as the limiter sees it: threads that ask for permits until standard input ends. Each permit that is used stands
 * in a file before that, with the time in milliseconds of this machine's clock, which all processes of a test share. At the end prints how
 * many permits were charged without being used, and how many acquires failed.
 */
final class LimiterProcess {
    /** Tight limits, so that a test sees many windows; the third one is never reached and keeps each slot in the log. */
    static final QuotaPolicy POLICY = new QuotaPolicy(
            List.of(
                    new Quota(40, Duration.ofSeconds(2), 0),
                    new Quota(200, Duration.ofSeconds(20), 0),
                    new Quota(10_000, Duration.ofHours(1), 0)),
            Duration.ofSeconds(1));

    private static final Duration MAX_WAIT = Duration.ofSeconds(2);
    private static final int OUTAGE_MILLIS = 100;

    private final DurableRateLimiter limiter;
    private final OutputStream uses;
    private volatile boolean stopped;
    private int unused;

    private LimiterProcess(DurableRateLimiter limiter, OutputStream uses) {
        this.limiter = limiter;
        this.uses = uses;
    }

    /** Arguments: connection string, key, threads, file. */
    public static void main(String... arguments) throws Exception {
        Path file = Path.of(arguments[3]);
        try (OutputStream uses = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            DurableRateLimiter limiter =
                    DurableRateLimiter.create(AppTables.table(arguments[0], LimiterFleet.TABLE), arguments[1], POLICY);
            new LimiterProcess(limiter, uses).run(Integer.parseInt(arguments[2]));
        }
        System.exit(0);
    }

    private void run(int count) throws Exception {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            threads.add(new Thread(this::ask));
        }
        threads.forEach(Thread::start);
        System.in.transferTo(OutputStream.nullOutputStream());
        stopped = true;
        for (Thread thread : threads) {
            thread.join();
        }
        LimiterMetrics metrics = limiter.metrics();
        System.out.println((unused + metrics.total(Count.LATE_PERMITS)) + " " + metrics.total(Count.UNAVAILABLE) + " "
                + metrics.total(Count.AMBIGUOUS_WRITES));
    }

    private void ask() {
        try {
            while (!stopped) {
                acquire();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void acquire() throws InterruptedException {
        try {
            Decision decision = limiter.acquire(Priority.INTERACTIVE, MAX_WAIT);
            if (decision instanceof Granted granted) {
                use(granted);
            } else {
                Thread.sleep(Math.min(1000, ((Denied) decision).retryAfter().toMillis()));
            }
        } catch (BudgetUnavailableException e) {
            Thread.sleep(OUTAGE_MILLIS);
        }
    }

    private synchronized void use(Granted granted) {
        if (!granted.permit().isCurrent()) {
            unused++;
            return;
        }
        try {
            uses.write((System.currentTimeMillis() + "\n").getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
