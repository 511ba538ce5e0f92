package dev.alertuser.endtoend;

import static dev.alertuser.endtoend.RunningApp.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.Names;
import dev.alertuser.localkit.fake.HeldRequests;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The table of kept answers and lookups hangs, and that of the counter does not. */
class HangingLookupsIT {
    private static final int ALERTS = 60;

    @Test
    void costsPermitsAndNoCall() throws Exception {
        String alertId = "da" + UUID.randomUUID();
        String ids = IntStream.range(0, ALERTS)
                .mapToObj(i -> "\"" + alertId + "-" + i + "\"")
                .collect(Collectors.joining(",", "[", "]"));
        try (RunningApp app = RunningApp.startWithHangingTable("hanging-lookups", Names.LOOKUPS_TABLE)) {
            long start = System.nanoTime();
            HttpResponse<String> batch = app.post("/api/alerts/users?wait=5", ids);
            System.out.printf(
                    "%d alerts with wait=5 beside a table that hangs: %d ms%n",
                    ALERTS, (System.nanoTime() - start) / 1_000_000);

            assertThat(batch.statusCode()).isEqualTo(200);
            assertThat(json(batch).at("/summary/found").intValue()).isEqualTo(ALERTS);
            assertThat(app.user(alertId).statusCode()).isEqualTo(200);
            assertThat(app.defender.requests()).isEqualTo(ALERTS + 1);
            assertThat(app.log().lines().filter(line -> line.contains("the answer cache is out of reach")))
                    .as("told once, however many meet it")
                    .hasSize(1);
        }
    }

    /** The platform deletes a message once its call has ended, and that call does not wait for the cache. */
    @Test
    void aMessageIsDeletedAfterItsResultIsSent() throws Exception {
        String alertId = "da" + UUID.randomUUID();
        HeldRequests writes = new HeldRequests();
        HeldRequests deletions = new HeldRequests();
        try (RunningApp app = RunningApp.startBehind(
                "hanging-writes",
                proxy -> {
                    proxy.treat(RunningApp::isCacheWrite, writes);
                    proxy.treat(HangingLookupsIT::isDeletion, deletions);
                },
                Map.of())) {
            app.enqueue(alertId);

            deletions.await();
            writes.await();
            assertThat(app.awaitResultOf(alertId).get("outcome").textValue()).isEqualTo("found");
            assertThat(app.messages(Names.REQUESTS_QUEUE)).as("requests").isOne();

            deletions.release();
            for (int i = 0; i < 100 && app.messages(Names.REQUESTS_QUEUE) > 0; i++) {
                Thread.sleep(100);
            }
            assertThat(app.messages(Names.REQUESTS_QUEUE)).as("requests").isZero();
            assertThat(app.isCached(alertId)).isFalse();
            writes.release();
        }
    }

    private static boolean isDeletion(String request) {
        return request.startsWith("DELETE ") && request.contains("/" + Names.REQUESTS_QUEUE + "/messages/");
    }
}
