package dev.alertuser.localkit.fake;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Defender's {@code GET /api/alerts/{id}/user} on loopback, with its bearer token, its answers and its limits. Thread-safe.
 *
 * <p>It knows {@link #SEED_ALERT}, fails for ids that begin with a word of {@link FakeDefenderFailure}, and makes up a user for any other.
 * Every call passes three gates, in this order, and only then gets an answer, a scripted one or its own:
 *
 * <ol>
 *   <li>401 unless the token is one of {@link FakeIdentity}'s, not expired, and for Defender. Such a call counts in no window, since nobody
 *       knows whose it is.
 *   <li>429 if a window is full. The windows are rolling, of which no fixed window is stricter. Whether a refused call counts in
 *       Defender's own windows is unknown: {@link #countRefused} makes it count here.
 *   <li>403 if the token lacks the role {@link #ROLE}, or is of a user who may not see the alert's device. From here on every call counts, whatever it is answered, but for a scripted 429,
 *       which counts as a refused call.
 * </ol>
 */
public final class FakeDefender implements AutoCloseable {
    /** The alert of the documentation's example. */
    public static final String SEED_ALERT = "636688558380765161_2136280442";

    /** The resource whose tokens Defender takes, in the public cloud. */
    public static final String AUDIENCE = "https://api.securitycenter.microsoft.com";

    /** The application role without which Defender says nothing of users. */
    public static final String ROLE = "User.Read.All";

    private static final String BEARER = "Bearer ";
    private static final Pattern PATH = Pattern.compile("/api/alerts/([A-Za-z0-9_-]{1,128})/user");

    private final InstantSource clock;
    private final FakeServer server;

    private List<Limit> limits = List.of(new Limit(100, Duration.ofMinutes(1)), new Limit(1500, Duration.ofHours(1)));
    private String audience = AUDIENCE;
    private boolean countsRefused;
    private Duration latency = Duration.ZERO;
    private final Deque<FakeDefenderAnswer> scripted = new ArrayDeque<>();
    private final Map<String, Deque<FakeDefenderAnswer>> scriptedById = new HashMap<>();
    private final List<Instant> counted = new ArrayList<>();
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

    private FakeDefender(int port, @Nullable FakeCertificate certificate, InstantSource clock) {
        this.clock = clock;
        this.server = new FakeServer(port, certificate, this::handle);
    }

    /** A server on any free port, with the real limits. */
    public static FakeDefender start() {
        return start(0, InstantSource.system());
    }

    /**
     * A server with the real limits.
     *
     * @param port 0 for any free one
     * @param clock what the limits and the tokens' expiry go by
     */
    public static FakeDefender start(int port, InstantSource clock) {
        return new FakeDefender(port, null, clock);
    }

    /** A server on any free port, with the real limits, that speaks https. */
    public static FakeDefender startTls(FakeCertificate certificate) {
        return new FakeDefender(0, certificate, InstantSource.system());
    }

    /** What to use as Defender's URL. */
    public URI url() {
        return server.url();
    }

    /** Sets the limits in place of Defender's real ones. */
    public synchronized void limit(Limit... limits) {
        this.limits = List.of(limits);
    }

    /** Makes refused calls count in the windows, too: who goes on asking is refused for ever. */
    public synchronized void countRefused(boolean count) {
        countsRefused = count;
    }

    /** Answers each call after this time. */
    public synchronized void latency(Duration time) {
        latency = time;
    }

    /** Takes the tokens of another cloud's resource in place of {@link #AUDIENCE}. */
    public synchronized void audience(String resource) {
        audience = resource;
    }

    /** Spends quota as another user of the same identity does, at this moment. */
    public synchronized void spendElsewhere(int calls) {
        counted.addAll(Collections.nCopies(calls, clock.instant()));
    }

    /** Gives these answers to the next calls that pass the gates, whatever they ask for. */
    public synchronized void answerNext(FakeDefenderAnswer... answers) {
        scripted.addAll(List.of(answers));
    }

    /** Gives these answers to the next calls for this alert that pass the gates. */
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
        FakeDefenderAnswer answer = receive(exchange);
        server.pause(latency());
        answer.send(exchange, server);
    }

    private synchronized Duration latency() {
        return latency;
    }

    private synchronized FakeDefenderAnswer receive(HttpExchange exchange) {
        Instant now = clock.instant();
        String path = exchange.getRequestURI().getRawPath();
        Matcher alert = PATH.matcher(path);
        boolean known = exchange.getRequestMethod().equals("GET") && alert.matches();
        String alertId = known ? alert.group(1) : path;
        FakeDefenderAnswer answer = known
                ? answer(alertId, token(exchange), now)
                : FakeDefenderAnswer.error(404, "NotFound", "No such resource");
        received.add(new Received(now, alertId, answer.status(), headers(exchange)));
        return answer;
    }

    private static Optional<FakeToken> token(HttpExchange exchange) {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                .filter(header -> header.startsWith(BEARER))
                .flatMap(header -> FakeToken.read(header.substring(BEARER.length())));
    }

    private FakeDefenderAnswer answer(String alertId, Optional<FakeToken> token, Instant now) {
        if (token.isEmpty()
                || !token.get().audience().equals(audience)
                || !now.isBefore(token.get().expiry())) {
            return FakeDefenderAnswer.unauthorized();
        }
        if (!untilNextPermit(now).isZero()) {
            count(429, now);
            return FakeDefenderAnswer.throttled(
                    untilNextPermit(now).plusNanos(999_999_999).toSeconds());
        }
        FakeUser user = token.get().user();
        FakeDefenderAnswer answer;
        if (!token.get().roles().contains(ROLE)) {
            answer = FakeDefenderAnswer.forbidden(token.get().roles());
        } else if (user != null && !user.maySee(alertId)) {
            answer =
                    FakeDefenderAnswer.error(403, "Forbidden", "The user does not have access to the alert's machine.");
        } else {
            answer = scripted(alertId).orElseGet(() -> answer(alertId));
        }
        count(answer.status(), now);
        return answer;
    }

    private void count(int status, Instant now) {
        if (status != 429 || countsRefused) {
            counted.add(now);
        }
    }

    private Optional<FakeDefenderAnswer> scripted(String alertId) {
        Deque<FakeDefenderAnswer> forAlert = scriptedById.getOrDefault(alertId, new ArrayDeque<>());
        return Optional.ofNullable(forAlert.isEmpty() ? scripted.poll() : forAlert.poll());
    }

    private static FakeDefenderAnswer answer(String alertId) {
        return FakeDefenderFailure.of(alertId)
                .orElseGet(() -> FakeDefenderAnswer.user(
                        alertId.equals(SEED_ALERT) ? FakeDefenderUsers.SEED : FakeDefenderUsers.of(alertId)));
    }

    /** Zero if every window has room: a window is full while the n-th last call that counts is still in it. */
    private Duration untilNextPermit(Instant now) {
        Duration wait = Duration.ZERO;
        for (Limit limit : limits) {
            if (counted.size() < limit.permits()) {
                continue;
            }
            Instant free = counted.get(counted.size() - limit.permits()).plus(limit.window());
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
