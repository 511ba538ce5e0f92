package dev.alertuser.ratelimit;

import com.azure.data.tables.TableClientBuilder;
import dev.alertuser.service.Priority;
import dev.alertuser.service.RateLimiter;
import dev.alertuser.service.RateLimiter.Decision.Granted;
import java.time.Duration;
import java.util.List;

/**
 * One instance of the app as the limiter sees it: threads that ask for permits without end. Prints the time of each permit when it is
 * used, in milliseconds of this machine's clock, which all processes of a test share.
 */
public final class LimiterProcess {
    private LimiterProcess() {}

    /** Tight limits, so that a test sees many windows. */
    static final Policy POLICY = new Policy(
            List.of(new Quota(40, Duration.ofSeconds(2), 0), new Quota(200, Duration.ofSeconds(20), 0)),
            Duration.ofMillis(600));

    /** Arguments: connection string, key, threads, seconds. */
    public static void main(String... arguments) throws Exception {
        TableClientBuilder table =
                new TableClientBuilder().connectionString(arguments[0]).tableName("AlertUserBudget");
        RateLimiter limiter = DurableRateLimiter.create(table, arguments[1], POLICY);
        long end = System.nanoTime()
                + Duration.ofSeconds(Long.parseLong(arguments[3])).toNanos();
        for (int i = Integer.parseInt(arguments[2]); i > 0; i--) {
            new Thread(() -> askUntil(end, limiter)).start();
        }
    }

    private static void askUntil(long end, RateLimiter limiter) {
        try {
            while (System.nanoTime() < end) {
                RateLimiter.Decision decision = limiter.acquire(Priority.INTERACTIVE, Duration.ofSeconds(1));
                if (decision instanceof Granted granted && granted.permit().isCurrent()) {
                    System.out.println(System.currentTimeMillis());
                } else if (decision instanceof RateLimiter.Decision.Denied denied) {
                    Thread.sleep(Math.min(1000, denied.retryAfter().toMillis()));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
