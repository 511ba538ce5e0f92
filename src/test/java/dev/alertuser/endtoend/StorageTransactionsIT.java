package dev.alertuser.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.Names;
import dev.alertuser.docs.MarkdownDocument;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a call and a message cost in transactions of storage, as the operating guide estimates it. */
class StorageTransactionsIT {
    private static final int CALLS = 20;
    private static RunningApp app;

    private final String prefix = "da" + UUID.randomUUID() + "-";

    @BeforeAll
    static void start() throws Exception {
        app = RunningApp.startBehind("transactions", proxy -> {}, RunningApp.WARM);
        app.user("da-before");
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    @Test
    void aCallTakesAboutFiveOfTheTables() throws Exception {
        assertThat(MarkdownDocument.OPERATION.text()).contains("≈ 5 a call × ");
        long before = tableRequests();

        for (int i = 0; i < CALLS; i++) {
            assertThat(app.get("/api/alerts/" + prefix + i + "/user?mode=async").statusCode())
                    .isEqualTo(200);
        }

        assertThat(tableRequests() - before).isBetween(3L * CALLS, 5L * CALLS);
    }

    @Test
    void aMessageTakesAboutFourOfTheQueues() throws Exception {
        assertThat(MarkdownDocument.OPERATION.text()).contains("≈ 4 a message × ");
        long before = queueRequests("POST", Names.RESULTS_QUEUE) + queueRequests("DELETE", Names.REQUESTS_QUEUE);

        for (int i = 0; i < CALLS; i++) {
            app.enqueue(prefix + i);
        }
        Set<String> done = new HashSet<>();
        app.awaitResults(CALLS, Duration.ofMinutes(1))
                .forEach(result -> done.add(result.get("alertId").textValue()));

        assertThat(done).hasSize(CALLS);
        for (int i = 0; i < 100 && app.messages(Names.REQUESTS_QUEUE) > 0; i++) {
            Thread.sleep(100);
        }
        assertThat(queueRequests("POST", Names.RESULTS_QUEUE) + queueRequests("DELETE", Names.REQUESTS_QUEUE) - before)
                .as("results and deletes, beside a send and at most one receive for each message; few are deferred")
                .isBetween(2L * CALLS, 5L * CALLS / 2);
    }

    private static long tableRequests() {
        return app.storageRequests().stream()
                .filter(request -> List.of(Names.BUDGET_TABLE, Names.LOOKUPS_TABLE).stream()
                        .anyMatch(request::contains))
                .count();
    }

    private static long queueRequests(String method, String queue) {
        return app.storageRequests().stream()
                .filter(request -> request.startsWith(method + " ") && request.contains("/" + queue + "/messages"))
                .count();
    }
}
