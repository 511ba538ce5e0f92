package dev.alertuser.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.localkit.fake.StorageFault;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A host that ends right after an answer which it has not cached yet. */
@Timeout(120)
class EndedHostIT {
    private static final int ENDED_BY_SIGTERM = 143;

    private final String alertId = "da" + UUID.randomUUID();

    @Test
    void writesTheAnswerBeforeItEnds() throws Exception {
        try (RunningApp app = RunningApp.startBehind("ended-host", proxy -> {}, Map.of())) {
            CountDownLatch arrived = new CountDownLatch(1);
            CountDownLatch ending = new CountDownLatch(1);
            // Only a host that still runs by then can repeat the request.
            StorageFault lostWhileTheHostEnds = exchange -> {
                arrived.countDown();
                ending.await();
                exchange.reset();
            };
            app.proxy().treat(RunningApp::isCacheWrite, lostWhileTheHostEnds.times(1));
            assertThat(app.user(alertId).statusCode()).isEqualTo(200);
            arrived.await();

            CompletableFuture<Integer> exitCode = CompletableFuture.supplyAsync(app::endHost);
            awaitClosed(app.baseUri().getPort());
            ending.countDown();

            assertThat(exitCode.join()).isEqualTo(ENDED_BY_SIGTERM);
            assertThat(app.isCached(alertId)).isTrue();
            app.startHost();
            assertThat(app.user(alertId).headers().firstValue("Age")).isPresent();
            assertThat(app.callsFor(alertId)).isOne();
        }
    }

    private static void awaitClosed(int port) throws IOException, InterruptedException {
        try {
            while (true) {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                Thread.sleep(5);
            }
        } catch (ConnectException e) {
            // It takes no more calls, and none is running.
        }
    }

    @Test
    void doesNotWaitForATableThatHangs() throws Exception {
        try (RunningApp app = behindHangingWrites("ended-host-hanging")) {
            assertThat(app.user(alertId).statusCode()).isEqualTo(200);

            assertThat(app.endHost()).isEqualTo(ENDED_BY_SIGTERM);
            assertThat(app.isCached(alertId)).isFalse();
        }
    }

    @Test
    void anAnswerThatACrashLosesCostsOnePermit() throws Exception {
        try (RunningApp app = behindHangingWrites("crashed-host")) {
            assertThat(app.user(alertId).statusCode()).isEqualTo(200);
            app.killHost();
            app.proxy().heal();

            app.startHost();

            assertThat(app.user(alertId).statusCode()).isEqualTo(200);
            assertThat(app.callsFor(alertId)).isEqualTo(2);
        }
    }

    private static RunningApp behindHangingWrites(String name) {
        return RunningApp.startBehind(
                name, proxy -> proxy.treat(RunningApp::isCacheWrite, StorageFault.HANG), Map.of());
    }
}
