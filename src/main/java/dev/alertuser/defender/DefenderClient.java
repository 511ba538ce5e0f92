package dev.alertuser.defender;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpMethod;
import com.azure.core.http.HttpPipeline;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import dev.alertuser.service.alert.AlertId;
import dev.alertuser.service.alert.Correlation;
import dev.alertuser.service.alert.LookupResult;
import dev.alertuser.service.alert.LookupResult.Deferred;
import dev.alertuser.service.alert.LookupResult.Reason;
import dev.alertuser.service.budget.LatePermitException;
import dev.alertuser.service.budget.Permit;
import dev.alertuser.service.port.DefenderApi;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;

/**
 * Calls Defender over HTTP. Thread-safe.
 *
 * @see <a href="https://learn.microsoft.com/defender-endpoint/api/get-alert-related-user-info">Get alert related user</a>
 */
public final class DefenderClient implements DefenderApi {
    private static final System.Logger LOG = System.getLogger(DefenderClient.class.getName());

    private static final HttpHeaderName TRACEPARENT = HttpHeaderName.fromString("traceparent");

    /** Ids may come from callers; one that could break a header or a log line is left out. */
    private static final Pattern PLAIN = Pattern.compile("[ -~]{1,128}");

    private static final Permit OVER = () -> false;

    private final String alertsUrl;
    private final TokenSource tokens;
    private final HttpPipeline pipeline;
    private final Timeouts timeouts;
    private final InstantSource clock;
    private final Reason refusal;

    /** When there was last a connection, or one was begun. */
    private final AtomicReference<Instant> connectedAt;

    DefenderClient(URI apiUrl, TokenSource tokens, HttpPipeline pipeline, Timeouts timeouts, InstantSource clock) {
        this(
                apiUrl.toString().replaceFirst("/+$", "") + "/api/alerts/",
                tokens,
                pipeline,
                timeouts,
                clock,
                Reason.DEFENDER_ACCESS_DENIED,
                new AtomicReference<>(Instant.EPOCH));
    }

    private DefenderClient(
            String alertsUrl,
            TokenSource tokens,
            HttpPipeline pipeline,
            Timeouts timeouts,
            InstantSource clock,
            Reason refusal,
            AtomicReference<Instant> connectedAt) {
        this.alertsUrl = alertsUrl;
        this.tokens = tokens;
        this.pipeline = pipeline;
        this.timeouts = timeouts;
        this.clock = clock;
        this.refusal = refusal;
        this.connectedAt = connectedAt;
    }

    /**
     * A client with its own connection pool, for the life of the process.
     *
     * @param apiUrl scheme and host, such as {@code https://api.securitycenter.microsoft.com}
     */
    public static DefenderClient create(URI apiUrl, TokenSource tokens, InstantSource clock) {
        Timeouts timeouts = Timeouts.DEFAULT;
        HttpPipeline pipeline = DefenderPipeline.create(DefenderPipeline.connections(), timeouts);
        return new DefenderClient(apiUrl, tokens, pipeline, timeouts, clock);
    }

    /** A client that asks with a user's tokens, over the connections of this one. */
    public DefenderClient onBehalfOf(TokenSource userTokens) {
        return new DefenderClient(
                alertsUrl, userTokens, pipeline, timeouts, clock, Reason.DEFENDER_DENIES_USER, connectedAt);
    }

    @Override
    public Session authorize(Duration maxWait) throws InterruptedException {
        String token = tokens.get(maxWait).getToken();
        return (alertId, permit, correlation) -> {
            LookupResult result = findUser(request(token, alertId, correlation), permit, correlation);
            if (result instanceof Deferred deferred && deferred.reason() == Reason.DEFENDER_ACCESS_DENIED) {
                tokens.refused(token);
                return new Deferred(refusal, deferred.retryAfter(), deferred.correlationId(), deferred.status());
            }
            return result;
        };
    }

    /** A request whose permit is over goes as far as its connection, and leaves that to the next one. */
    @Override
    public void connect() {
        Instant now = clock.instant();
        Instant before = connectedAt.getAndSet(now);
        if (Duration.between(before, now).compareTo(DefenderPipeline.MAX_IDLE) > 0) {
            pipeline.send(new HttpRequest(HttpMethod.GET, alertsUrl))
                    .contextWrite(context -> context.put(Permit.class, OVER))
                    .subscribe(HttpResponse::close, cause -> {});
        }
    }

    @Override
    public Optional<String> faultOfToken(Duration maxWait) throws InterruptedException {
        return TokenClaims.fault(tokens.get(maxWait).getToken(), tokens.scope());
    }

    private HttpRequest request(String token, AlertId alertId, Correlation correlation) {
        HttpRequest request = new HttpRequest(HttpMethod.GET, alertsUrl + alertId + "/user")
                .setHeader(HttpHeaderName.AUTHORIZATION, "Bearer " + token)
                .setHeader(HttpHeaderName.ACCEPT, "application/json")
                .setHeader(HttpHeaderName.USER_AGENT, "defender-alert-user");
        plain(correlation.id()).ifPresent(id -> request.setHeader(HttpHeaderName.X_MS_CLIENT_REQUEST_ID, id));
        plain(correlation.traceparent()).ifPresent(parent -> request.setHeader(TRACEPARENT, parent));
        return request;
    }

    private LookupResult findUser(HttpRequest request, Permit permit, Correlation correlation)
            throws InterruptedException {
        if (!permit.isCurrent()) {
            throw new LatePermitException();
        }
        Mono<DefenderResponse> exchange = pipeline.send(request)
                .timeout(timeouts.head())
                .flatMap(this::read)
                .contextWrite(context -> context.put(Permit.class, permit));
        DefenderResponse answer;
        try {
            answer = Objects.requireNonNull(exchange.block());
        } catch (RuntimeException e) {
            return withoutAnswer(Exceptions.unwrap(e), correlation);
        }
        connectedAt.set(clock.instant());
        return DefenderAnswers.read(answer, clock.instant());
    }

    /** Only a 200 needs its body. Any other status is valid even if its body breaks off. */
    private Mono<DefenderResponse> read(HttpResponse response) {
        int status = response.getStatusCode();
        return BoundedText.of(response)
                .timeout(timeouts.body())
                .onErrorResume(e -> status == 200 ? Mono.error(e) : Mono.just(Optional.empty()))
                .map(body -> new DefenderResponse(
                        status, response.getHeaderValue(HttpHeaderName.RETRY_AFTER), body.orElse(null)));
    }

    private static LookupResult withoutAnswer(Throwable cause, Correlation correlation) throws InterruptedException {
        if (cause instanceof LatePermitException late) {
            throw late;
        } else if (cause instanceof InterruptedException interrupted) {
            // Reactor sets the interrupt flag again; the exception that is thrown here replaces it.
            Thread.interrupted();
            throw interrupted;
        }
        LOG.log(
                System.Logger.Level.WARNING,
                "no answer from Defender to call " + plain(correlation.id()).orElse("without id") + ": " + cause);
        return new Deferred(
                cause instanceof TimeoutException ? Reason.DEFENDER_TIMEOUT : Reason.DEFENDER_UNAVAILABLE,
                DefenderAnswers.FAILED,
                null);
    }

    private static Optional<String> plain(@Nullable String value) {
        return Optional.ofNullable(value).filter(text -> PLAIN.matcher(text).matches());
    }
}
