package dev.alertuser.ratelimit;

import dev.alertuser.endtoend.AppTables;
import dev.alertuser.ratelimit.Journal.Event;
import dev.alertuser.ratelimit.LimiterMetrics.Count;
import dev.alertuser.ratelimit.counter.Quota;
import dev.alertuser.ratelimit.counter.QuotaPolicy;
import dev.alertuser.service.budget.BudgetUnavailableException;
import dev.alertuser.service.budget.Priority;
import dev.alertuser.service.budget.QuestionKey;
import dev.alertuser.service.budget.RateLimiter.Decision;
import dev.alertuser.service.budget.RateLimiter.Decision.Denied;
import dev.alertuser.service.budget.RateLimiter.Decision.Granted;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One instance of the app as the limiter sees it: threads that ask for permits until standard input ends, and make a call with each. What
 * becomes of each acquire stands in a {@link Journal} when the next one begins.
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
    private final URI server;
    private final Journal journal;
    private volatile boolean stopped;
    private long latePermits;
    private long ambiguousWrites;

    private LimiterProcess(DurableRateLimiter limiter, URI server, Journal journal) {
        this.limiter = limiter;
        this.server = server;
        this.journal = journal;
    }

    /** Arguments: connection string, key, threads, URL of the server to call, file of the journal. */
    public static void main(String... arguments) throws Exception {
        DurableRateLimiter limiter =
                DurableRateLimiter.create(AppTables.table(arguments[0], LimiterFleet.TABLE), arguments[1], POLICY);
        Journal journal = new Journal(Path.of(arguments[4]));
        new LimiterProcess(limiter, URI.create(arguments[3]), journal).run(Integer.parseInt(arguments[2]));
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
    }

    private void ask() {
        QuestionKey question = new QuestionKey(ThreadLocalRandom.current().nextLong());
        try {
            while (!stopped) {
                question = acquire(question)
                        ? new QuestionKey(ThreadLocalRandom.current().nextLong())
                        : question;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            // Without its journal this process proves nothing.
            e.printStackTrace();
            Runtime.getRuntime().halt(1);
        }
    }

    /** Whether the question needs no permit any more. One with a place in line is asked again when its time has come. */
    private boolean acquire(QuestionKey question) throws InterruptedException, IOException {
        journal.note(Event.BEGIN);
        try {
            Decision decision = limiter.acquire(question, Priority.INTERACTIVE, MAX_WAIT);
            if (decision instanceof Granted granted) {
                use(granted);
                return true;
            }
            end();
            Thread.sleep(Math.min(1000, ((Denied) decision).retryAfter().toMillis()));
        } catch (BudgetUnavailableException e) {
            end(Event.FAILED);
            Thread.sleep(OUTAGE_MILLIS);
        }
        return false;
    }

    private void use(Granted granted) throws IOException {
        long left = System.currentTimeMillis();
        if (granted.permit().isCurrent()) {
            CalledServer.call(server, left);
            end();
        } else {
            end(Event.UNUSED);
        }
    }

    /** Notes also what the limiter has counted by itself since the last time. */
    private synchronized void end(Event... events) throws IOException {
        List<Event> all = new ArrayList<>(List.of(events));
        long late = limiter.metrics().total(Count.LATE_PERMITS);
        all.addAll(Collections.nCopies((int) (late - latePermits), Event.UNUSED));
        latePermits = late;
        long ambiguous = limiter.metrics().total(Count.AMBIGUOUS_WRITES);
        all.addAll(Collections.nCopies((int) (ambiguous - ambiguousWrites), Event.AMBIGUOUS));
        ambiguousWrites = ambiguous;
        all.add(Event.END);
        journal.note(all.toArray(Event[]::new));
    }
}
