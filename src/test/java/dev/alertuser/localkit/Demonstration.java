package dev.alertuser.localkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.alertuser.localkit.fake.FakeDefender;
import dev.alertuser.localkit.fake.FakeDefenderUsers;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** The main job, once over HTTP and once through the queue, printed as it happens. */
final class Demonstration {
    private static final String ALERT = FakeDefender.SEED_ALERT;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Behind the requests of an earlier run. */
    private static final Duration SHORT_PATIENCE = Duration.ofSeconds(10);

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final URI baseUri;
    private final AppQueues queues;
    private final EarlierRun earlier;
    private final PrintStream out;

    /** What came of it, the best first. */
    enum Verdict {
        RIGHT,
        /** What an earlier run left comes first, as it should. */
        LATER,
        WRONG;

        Verdict and(Verdict other) {
            return compareTo(other) > 0 ? this : other;
        }
    }

    Demonstration(URI baseUri, AppQueues queues, EarlierRun earlier, PrintStream out) {
        this.baseUri = baseUri;
        this.queues = queues;
        this.earlier = earlier;
        this.out = out;
    }

    /** Right if both answers were the user that Defender has for the alert. */
    Verdict run() throws IOException, InterruptedException {
        out.println("\nWho is the user behind alert " + ALERT + "?");
        Verdict overHttp = askOverHttp();
        // The queue would only repeat it, a minute later.
        return overHttp == Verdict.WRONG ? overHttp : overHttp.and(askThroughTheQueue());
    }

    private Verdict askOverHttp() throws IOException, InterruptedException {
        URI uri = baseUri.resolve("/api/alerts/" + ALERT + "/user");
        out.println("\n1. Over HTTP: GET " + uri);
        HttpResponse<String> response = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).timeout(PATIENCE).build(), BodyHandlers.ofString());
        out.println("   " + response.statusCode() + " " + response.body());
        out.println("   The budget after it, r: calls left, t: seconds until there are more");
        response.headers().allValues("ratelimit").forEach(limit -> out.println("   RateLimit: " + limit));
        if (response.statusCode() == 429 && earlier.usedBudget()) {
            return Verdict.LATER;
        }
        return response.statusCode() == 200 && response.body().equals(FakeDefenderUsers.SEED)
                ? Verdict.RIGHT
                : Verdict.WRONG;
    }

    private Verdict askThroughTheQueue() throws IOException, InterruptedException {
        out.println("\n2. Through a queue");
        String correlationId = UUID.randomUUID().toString();
        out.println("   to " + AppQueues.REQUESTS + ": " + queues.send(ALERT, correlationId));
        Duration patience = earlier.requests() == 0 ? PATIENCE : SHORT_PATIENCE;
        Optional<JsonNode> result = queues.awaitResult(correlationId, patience);
        if (result.isPresent()) {
            out.println("   from " + AppQueues.RESULTS + ": " + result.get());
            return isRight(result.get()) ? Verdict.RIGHT : Verdict.WRONG;
        }
        out.println("   No result within " + patience.toSeconds() + " s.");
        if (earlier.requests() == 0) {
            return Verdict.WRONG;
        }
        out.println("   It comes to " + AppQueues.RESULTS + " after those of the " + earlier.requests()
                + " requests that were in the queue before it.");
        return Verdict.LATER;
    }

    private static boolean isRight(JsonNode result) throws IOException {
        return result.path("outcome").asText().equals("found")
                && result.path("user").equals(JSON.readTree(FakeDefenderUsers.SEED));
    }
}
