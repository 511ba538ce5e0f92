package dev.alertuser.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Callers without a key that poll invented lookup ids, beside callers with a key. Storage is slow, as when it is far away or busy: then a
 * poll holds its connection for long, and a wait for storage outweighs what the two share of this machine.
 */
@Tag("load")
class AnonymousFloodIT {
    private static final Duration LATENCY = Duration.ofMillis(150);
    private static final int POLLERS = 400;
    private static final int CALLS = 15;

    @Test
    void failsNoCallOfThoseWithAKeyAndAtMostDoublesTheirMedian() throws Exception {
        Map<String, String> limits = Map.of("RATE_LIMITS", "1000/PT1M");
        try (RunningApp app = RunningApp.startFarFromStorage("flood", LATENCY, limits)) {
            calls(app, 3);
            List<Long> quiet = calls(app, CALLS);
            List<Long> flooded;
            Flood flood = new Flood(app);
            try {
                flood.start();
                flooded = calls(app, CALLS);
            } finally {
                flood.stop();
            }

            System.out.printf(
                    "median of a call: %d ms, beside %d polls %d ms; %s%n",
                    median(quiet), flood.answers(), median(flooded), flood);
            assertThat(flood.answers()).isGreaterThan(POLLERS);
            assertThat(flood.refused()).as("polls beyond the bound").isPositive();
            assertThat(median(flooded)).isLessThanOrEqualTo(2 * median(quiet));
        }
    }

    /** Each takes a permit, asks Defender and keeps the answer. */
    private static List<Long> calls(RunningApp app, int count) throws Exception {
        List<Long> millis = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long start = System.nanoTime();
            HttpResponse<String> response = app.user("da" + UUID.randomUUID());
            millis.add((System.nanoTime() - start) / 1_000_000);
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        }
        return millis;
    }

    private static long median(List<Long> values) {
        return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
    }

    /** So many polls at any time; each that ends begins another one. */
    private static final class Flood {
        private final RunningApp app;
        private final HttpClient http = HttpClient.newHttpClient();
        private final Random random = new Random(7);
        private final AtomicInteger notFound = new AtomicInteger();
        private final AtomicInteger refused = new AtomicInteger();
        private final AtomicInteger others = new AtomicInteger();
        private final List<CompletableFuture<Void>> pollers = new ArrayList<>();
        private volatile boolean ended;

        Flood(RunningApp app) {
            this.app = app;
        }

        void start() throws InterruptedException {
            for (int i = 0; i < POLLERS; i++) {
                pollers.add(poll());
            }
            while (answers() < POLLERS) {
                Thread.sleep(10);
            }
        }

        private CompletableFuture<Void> poll() {
            byte[] id = new byte[16];
            synchronized (random) {
                random.nextBytes(id);
            }
            String path = "/api/lookups/20260101-" + HexFormat.of().formatHex(id);
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(app.url(path))).build();
            return http.sendAsync(request, HttpResponse.BodyHandlers.ofString()).thenCompose(response -> {
                count(response.statusCode());
                return ended ? CompletableFuture.completedFuture(null) : again(response.statusCode());
            });
        }

        /** A refused poller comes back after a second, so that storage is compared and not this machine. */
        private CompletableFuture<Void> again(int status) {
            return status == 503
                    ? CompletableFuture.runAsync(() -> {}, CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS))
                            .thenCompose(pause -> poll())
                    : poll();
        }

        private void count(int status) {
            switch (status) {
                case 404 -> notFound.incrementAndGet();
                case 503 -> refused.incrementAndGet();
                default -> others.incrementAndGet();
            }
        }

        int answers() {
            return notFound.get() + refused.get() + others.get();
        }

        int refused() {
            return refused.get();
        }

        void stop() {
            ended = true;
            CompletableFuture.allOf(pollers.toArray(CompletableFuture[]::new)).join();
            assertThat(others.get()).as("answers of another kind").isZero();
        }

        @Override
        public String toString() {
            return notFound + " unknown, " + refused + " refused";
        }
    }
}
