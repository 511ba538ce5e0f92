package dev.alertuser.endtoend;

import static dev.alertuser.endtoend.RunningApp.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.azure.storage.queue.QueueClient;
import com.fasterxml.jackson.databind.JsonNode;
import dev.alertuser.Names;
import dev.alertuser.localkit.fake.FakeDefenderAnswer;
import dev.alertuser.localkit.fake.HeldRequests;
import dev.alertuser.ratelimit.store.CounterStore;
import dev.alertuser.ratelimit.store.StorageClock;
import dev.alertuser.ratelimit.store.TableCounterStore;
import java.net.URLDecoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A host that is killed amid its work, and its successor. */
@Timeout(120)
class KilledHostIT {
    private static final Pattern DELETION =
            Pattern.compile("DELETE /\\w+/alert-user-requests/messages/([^?]+)\\?popreceipt=([^& ]+).*");

    /** As many as a host asks for at a time. */
    private static final int IN_FLIGHT = 16;

    private static RunningApp app;

    private final String alertId = "da" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        app = RunningApp.startBehind("killed-host", proxy -> {}, Map.of());
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    @Test
    void aRequestThatWasHandledButNotDeletedIsHandledOnceMore() throws Exception {
        HeldRequests deletions = new HeldRequests();
        app.proxy().treat(request -> DELETION.matcher(request).matches(), deletions);
        app.defender.answerNextFor(
                alertId + "-deferred", FakeDefenderAnswer.error(503, "x", "x").with("Retry-After", "1"));
        app.enqueue(alertId);
        app.enqueue(alertId + "-deferred");
        // The result of the one and the copy of the other are sent, and both messages are still there.
        List<String> handled = List.of(deletions.await(), deletions.await());
        app.awaitCached(alertId);
        app.proxy().heal();

        app.restartHost();
        handled.forEach(KilledHostIT::endLease);

        List<JsonNode> results = app.awaitResults(4, Duration.ofSeconds(60));
        assertThat(results)
                .allMatch(result -> result.get("outcome").textValue().equals("found"))
                .extracting(result -> result.get("alertId").textValue())
                .containsExactlyInAnyOrder(alertId, alertId, alertId + "-deferred", alertId + "-deferred");
        awaitNoRequest();
        assertThat(app.queue(Names.RESULTS_QUEUE).receiveMessage()).isNull();
        assertThat(app.callsFor(alertId)).isOne();
        assertThat(app.callsFor(alertId + "-deferred")).isEqualTo(2);
        app.awaitNoPoison();
    }

    /** Ten minutes early. */
    private static void endLease(String request) {
        Matcher deletion = DELETION.matcher(request);
        assertThat(deletion.matches()).isTrue();
        String popReceipt = URLDecoder.decode(deletion.group(2), StandardCharsets.UTF_8);
        app.queue(Names.REQUESTS_QUEUE).updateMessage(deletion.group(1), popReceipt, null, Duration.ZERO);
    }

    /** The last deletion comes after its result. */
    private static void awaitNoRequest() throws InterruptedException {
        QueueClient requests = app.queue(Names.REQUESTS_QUEUE);
        for (int i = 0; i < 100 && requests.getProperties().getApproximateMessagesCountLong() > 0; i++) {
            Thread.sleep(100);
        }
        assertThat(requests.getProperties().getApproximateMessagesCountLong()).isZero();
    }

    @Test
    void aBatchThatIsAskedAgainCostsOnlyWhatWasInFlightTwice() throws Exception {
        List<String> answered = ids("answered", 10);
        List<String> inFlight = ids("in-flight", IN_FLIGHT);
        List<String> waiting = ids("waiting", 4);
        for (String id : inFlight) {
            app.defender.answerNextFor(
                    id, FakeDefenderAnswer.user("{\"id\":\"late\"}").after(Duration.ofMinutes(2)));
        }
        List<String> all = List.of(answered, inFlight, waiting).stream()
                .flatMap(List::stream)
                .toList();
        int permits = permits();
        CompletableFuture<HttpResponse<String>> killed = CompletableFuture.supplyAsync(() -> post(all));
        awaitCalls(inFlight);
        for (String id : answered) {
            app.awaitCached(id);
        }

        app.restartHost();

        assertThat(killed).failsWithin(Duration.ofSeconds(30));
        HttpResponse<String> again = post(all);
        assertThat(json(again).at("/summary/found").intValue()).isEqualTo(all.size());
        assertThat(answered).allMatch(id -> app.callsFor(id) == 1);
        assertThat(inFlight).allMatch(id -> app.callsFor(id) == 2);
        assertThat(waiting).allMatch(id -> app.callsFor(id) == 1);
        assertThat(permits() - permits).isEqualTo(all.size() + IN_FLIGHT);
    }

    private List<String> ids(String kind, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> alertId + "-" + kind + "-" + i)
                .toList();
    }

    private static HttpResponse<String> post(List<String> ids) {
        try {
            String body = ids.stream().collect(Collectors.joining("\",\"", "[\"", "\"]"));
            return app.post("/api/alerts/users?wait=60", body);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitCalls(List<String> ids) throws InterruptedException {
        while (!ids.stream().allMatch(id -> app.callsFor(id) == 1)) {
            Thread.sleep(50);
        }
    }

    private static int permits() {
        CounterStore.Row row = new TableCounterStore(
                        app.tableBuilder(Names.BUDGET_TABLE),
                        new StorageClock(System::nanoTime),
                        app.settings().policyKey())
                .read();
        return row == null ? 0 : row.counter().log().size();
    }
}
