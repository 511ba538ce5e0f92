package dev.alertuser.localkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What an earlier run left in the storage that this one goes on with.
 *
 * @param requests messages in the queue of requests
 * @param used permits by the name of their window
 */
record EarlierRun(long requests, Map<String, Long> used) {
    static final EarlierRun NONE = new EarlierRun(0, Map.of());

    /** As the app's own budget tells it; none if it cannot. */
    static EarlierRun read(URI baseUri) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(baseUri.resolve("/api/budget")).build();
        JsonNode budget = JsonMapper.builder()
                .build()
                .readTree(HttpClient.newHttpClient()
                        .send(request, BodyHandlers.ofString())
                        .body());
        Map<String, Long> used = new TreeMap<>();
        for (JsonNode window : budget.path("windows")) {
            JsonNode counts = window.path("used");
            used.put(
                    window.path("name").asText(),
                    counts.path("interactive").asLong() + counts.path("backlog").asLong());
        }
        long requests = budget.path("queues").path("requests").path("messages").asLong();
        return new EarlierRun(requests, used);
    }

    boolean usedBudget() {
        return used.values().stream().anyMatch(calls -> calls > 0);
    }

    /** {@code 70 requests in the queue; calls used: hour 101, minute 76}. */
    @Override
    public String toString() {
        return requests + " requests in the queue; calls used: "
                + used.entrySet().stream()
                        .map(window -> window.getKey() + " " + window.getValue())
                        .collect(Collectors.joining(", "));
    }
}
