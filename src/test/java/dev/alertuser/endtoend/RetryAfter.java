package dev.alertuser.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.Callable;

/**
 * Holds a {@code Retry-After} against what its caller can know: the permit that has to leave the window was given while its own call was
 * under way, and the answer was written while this call was. So it is right within the length of these two calls, which is a fraction of a
 * second; one that is too late fails as one that is too early does.
 */
final class RetryAfter {
    private RetryAfter() {}

    /** An answer, and the times in nanoseconds at which it was asked for and had arrived. */
    record Timed(HttpResponse<String> response, long asked, long answered) {
        static Timed of(Callable<HttpResponse<String>> call) throws Exception {
            long asked = System.nanoTime();
            HttpResponse<String> response = call.call();
            return new Timed(response, asked, System.nanoTime());
        }

        /** In whole seconds, as the header has it. */
        long retryAfter() {
            return response.headers().firstValueAsLong("Retry-After").orElseThrow();
        }
    }

    /**
     * Asserts that the answer names the time at which the permit leaves the window.
     *
     * @param window with the margin
     */
    static void assertTrue(Timed denied, Timed permit, Duration window) {
        assertTrue(denied, permit, window, Duration.ZERO);
    }

    /**
     * The same where the permit was the first of its process, which knew the storage service's time from one answer: to a second. The permit
     * counts at each moment at which it may have been used.
     */
    static void assertTrueAfterColdPermit(Timed denied, Timed permit, Duration window) {
        assertTrue(denied, permit, window, Duration.ofSeconds(1));
    }

    private static void assertTrue(Timed denied, Timed permit, Duration window, Duration doubt) {
        long least = permit.asked() + window.toNanos() - denied.answered();
        long most = permit.answered() + window.plus(doubt).toNanos() - denied.asked();
        assertThat(denied.retryAfter())
                .as("Retry-After of a window that is free in %s to %s ms", least / 1_000_000, most / 1_000_000)
                // The storage service's time is known to a few hundredths of a second, and slots are tenths: one second
                // more by rounding.
                .isBetween(Math.max(1, ceilSeconds(least)), ceilSeconds(most) + 1);
    }

    private static long ceilSeconds(long nanos) {
        return -Math.floorDiv(-nanos, 1_000_000_000L);
    }
}
