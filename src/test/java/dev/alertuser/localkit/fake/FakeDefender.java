package dev.alertuser.localkit.fake;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Defender's {@code GET /api/alerts/{id}/user} on loopback, with its bearer token, its answers and its limits. Thread-safe.
 *
 * <p>It knows {@link #SEED_ALERT}, fails for ids that begin with a word of {@link FakeDefenderFailure}, and makes up a user for any other. Its
 * limits are rolling windows, of which no fixed window is stricter; a refused call does not count in them. A scripted answer is given as it is,
 * without a look at token or limits.
 */
public final class FakeDefender implements AutoCloseable {
    /** The alert of the documentation's example. */
    public static final String SEED_ALERT = "636688558380765161_2136280442";

    private static final Pattern PATH = Pattern.compile("/api/alerts/([A-Za-z0-9_-]{1,128})/user");

    private final InstantSource clock;
    private final FakeServer server;

    private List<Limit> limits = List.of(new Limit(100, Duration.ofMinutes(1)), new Limit(1500, Duration.ofHours(1)));
    private Predicate<String> goodToken = token -> !token.isEmpty();
    private final Deque<FakeDefenderAnswer> scripted = new ArrayDeque<>();
    private final Map<String, Deque<FakeDefenderAnswer>> scriptedById = new HashMap<>();
    private final List<Instant> admitted = new ArrayList<>();
    private final List<Received> received = new ArrayList<>();

    /** So many calls in any window of this length. */
    public record Limit(int permits, Duration window) {}

    /**
     * One request as it came in.
     *
     * @param alertId the path if it is not that of an alert's user
     * @param status what it was answered; 0 if the connection was dropped instead
     * @param headers names in lower case; without {@code authorization}
     */
    public record Received(Instant arrival, String alertId, int status, Map<String, String> headers) {
        /** A header by its name in lower case. */
        public Optional<String> header(String name) {
            return Optional.ofNullable(headers.get(name));
        }

        /** {@code x-ms-client-request-id}. */
        public Optional<String> clientRequestId() {
            return header("x-ms-client-request-id");
        }

        /** {@code traceparent}. */
        public Optional<String> traceparent() {
            return header("traceparent");
        }
    }

    private FakeDefender(int port, InstantSource clock) {
        this.clock = clock;
        this.server = new FakeServer(port, this::handle);
    }

    /** A server on any free port, with the real limits, that accepts any token. */
    public static FakeDefender start() {
        return start(0, InstantSource.system());
    }

    /**
     * A server with the real limits that accepts any token.
     *
     * @param port 0 for any free one
     * @param clock what the limits go by
     */
    public static FakeDefender start(int port, InstantSource clock) {
        return new FakeDefender(port, clock);
    }

    /** What to use as Defender's URL. */
    public URI url() {
        return server.url();
    }

    /** Sets the limits in place of Defender's real ones. */
    public synchronized void limit(Limit... limits) {
        this.limits = List.of(limits);
    }

    /** Answers 401 to all other tokens. */
    public synchronized void accept(Predicate<String> goodToken) {
        this.goodToken = goodToken;
    }

    /** Gives these answers to the next requests, whatever they ask for. */
    public synchronized void answerNext(FakeDefenderAnswer... answers) {
        scripted.addAll(List.of(answers));
    }

    /** Gives these answers to the next requests for this alert. */
    public synchronized void answerNextFor(String alertId, FakeDefenderAnswer... answers) {
        scriptedById.computeIfAbsent(alertId, id -> new ArrayDeque<>()).addAll(List.of(answers));
    }

    /** All requests in the order of their arrival. */
    public synchronized List<Received> received() {
        return List.copyOf(received);
    }

    /** How many requests came in, refused ones too. */
    public synchronized int requests() {
        return received.size();
    }

    /** How many requests were answered 429. */
    public synchronized int throttled() {
        return (int)
                received.stream().filter(request -> request.status() == 429).count();
    }

    /** The greatest number of requests, refused ones too, that came in within any time of this length. */
    public synchronized int mostWithin(Duration window) {
        int most = 0;
        int first = 0;
        for (int last = 0; last < received.size(); last++) {
            Instant start = received.get(last).arrival().minus(window);
            while (!received.get(first).arrival().isAfter(start)) {
                first++;
            }
            most = Math.max(most, last - first + 1);
        }
        return most;
    }

    @Override
    public void close() {
        server.close();
    }

    private void handle(HttpExchange exchange) throws IOException {
        receive(exchange).send(exchange, server);
    }

    private synchronized FakeDefenderAnswer receive(HttpExchange exchange) {
        Instant now = clock.instant();
        String path = exchange.getRequestURI().getRawPath();
        Matcher alert = PATH.matcher(path);
        boolean known = exchange.getRequestMethod().equals("GET") && alert.matches();
        String alertId = known ? alert.group(1) : path;
        FakeDefenderAnswer answer = known
                ? scripted(alertId).orElseGet(() -> answer(alertId, exchange, now))
                : FakeDefenderAnswer.error(404, "NotFound", "No such resource");
        received.add(new Received(now, alertId, answer.status(), headers(exchange)));
        return answer;
    }

    private Optional<FakeDefenderAnswer> scripted(String alertId) {
        Deque<FakeDefenderAnswer> forAlert = scriptedById.getOrDefault(alertId, new ArrayDeque<>());
        return Optional.ofNullable(forAlert.isEmpty() ? scripted.poll() : forAlert.poll());
    }

    private FakeDefenderAnswer answer(String alertId, HttpExchange exchange, Instant now) {
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        if (authorization == null
                || !authorization.startsWith("Bearer ")
                || !goodToken.test(authorization.substring("Bearer ".length()))) {
            return FakeDefenderAnswer.unauthorized();
        }
        Duration wait = untilNextPermit(now);
        if (!wait.isZero()) {
            return FakeDefenderAnswer.throttled(wait.plusNanos(999_999_999).toSeconds());
        }
        admitted.add(now);
        return FakeDefenderFailure.of(alertId)
                .orElseGet(() -> FakeDefenderAnswer.user(
                        alertId.equals(SEED_ALERT) ? FakeDefenderUsers.SEED : FakeDefenderUsers.of(alertId)));
    }

    /** Zero if every window has room: a window is full while the n-th last admitted call is still in it. */
    private Duration untilNextPermit(Instant now) {
        Duration wait = Duration.ZERO;
        for (Limit limit : limits) {
            if (admitted.size() < limit.permits()) {
                continue;
            }
            Instant free = admitted.get(admitted.size() - limit.permits()).plus(limit.window());
            if (free.isAfter(now.plus(wait))) {
                wait = Duration.between(now, free);
            }
        }
        return wait;
    }

    private static Map<String, String> headers(HttpExchange exchange) {
        Map<String, String> headers = new HashMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), String.join(",", values)));
        headers.remove("authorization");
        return Map.copyOf(headers);
    }
}
