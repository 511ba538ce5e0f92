package dev.alertuser.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.Names;
import dev.alertuser.docs.MarkdownDocument;
import dev.alertuser.localkit.fake.HeldRequests;
import java.time.Duration;
import java.util.ArrayList;
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

    /** Calls whose round trips are counted one by one; few, so that the messages find permits. */
    private static final int COUNTED = 5;

    private static RunningApp app;

    private final String prefix = "da" + UUID.randomUUID() + "-";

    @BeforeAll
    static void start() throws Exception {
        app = RunningApp.startBehind("transactions", proxy -> {}, RunningApp.WARM);
        app.user("da-before");
        app.awaitCached("da-before");
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
            app.awaitCached(prefix + i);
        }

        assertThat(tableRequests() - before).isBetween(3L * CALLS, 5L * CALLS);
    }

    /** The median, since a permit that expires on a busy machine takes one more. */
    @Test
    void aCallerWaitsForTwoOfThemAndForOneIfTheAnswerIsCached() throws Exception {
        List<Long> ofNew = new ArrayList<>();
        List<Long> ofCached = new ArrayList<>();
        for (int i = 0; i < COUNTED; i++) {
            HeldRequests writes = new HeldRequests();
            app.proxy().treat(RunningApp::isCacheWrite, writes);
            long before = tableRequests();
            assertThat(app.user(prefix + i).statusCode()).isEqualTo(200);
            writes.await();
            ofNew.add(tableRequests() - before - 1);
            writes.release();
            app.awaitCached(prefix + i);

            before = tableRequests();
            assertThat(app.user(prefix + i).headers().firstValue("Age")).isPresent();
            ofCached.add(tableRequests() - before);
        }
        app.proxy().heal();

        assertThat(app.log())
                .as("a caller that waited for a write until its timeout")
                .doesNotContain("out of reach");
        assertThat(median(ofNew)).as("of %s, beside the write", ofNew).isLessThanOrEqualTo(2);
        assertThat(ofCached).allMatch(count -> count <= 1);
    }

    private static long median(List<Long> counts) {
        return counts.stream().sorted().toList().get(counts.size() / 2);
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
