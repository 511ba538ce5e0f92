package dev.alertuser.defender;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.azure.core.credential.AccessToken;
import dev.alertuser.Threads;
import dev.alertuser.service.port.IdentityUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

class TokenSourceTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Duration PATIENT = Duration.ofSeconds(10);
    private static final Duration TWO_MINUTES = Duration.ofMinutes(2);
    private static final Duration DAY = Duration.ofHours(24);
    private final RuntimeException refused = new IllegalStateException("refused");

    private final ScriptedCredential credential = new ScriptedCredential();
    private volatile Instant now = NOON;
    private volatile Duration monotonic = Duration.ofHours(-1);
    private final TokenSource tokens =
            new TokenSource(credential, "scope/.default", TWO_MINUTES, () -> now, this::nanoTime);

    @Test
    void asksForItsScope() throws Exception {
        List<String> scopes = new ArrayList<>();
        TokenSource source = new TokenSource(
                context -> {
                    scopes.addAll(context.getScopes());
                    return Mono.just(token("first", DAY));
                },
                "scope/.default",
                TWO_MINUTES,
                () -> now,
                this::nanoTime);

        assertThat(source.get(PATIENT).getToken()).isEqualTo("first");
        assertThat(scopes).containsExactly("scope/.default");
    }

    @Test
    void joins32CallersInOneRequest() throws Exception {
        Queue<String> got = new ConcurrentLinkedQueue<>();
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            Thread caller = new Thread(() -> {
                try {
                    got.add(tokens.get(PATIENT).getToken());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            caller.start();
            callers.add(caller);
        }
        for (Thread caller : callers) {
            Threads.awaitWaiting(caller, "timedGet");
        }

        credential.request().success(token("only", DAY));
        for (Thread caller : callers) {
            caller.join();
        }

        assertThat(got).hasSize(32).containsOnly("only");
        assertThat(credential.requests()).isEqualTo(1);
    }

    @Test
    void keepsATokenInsteadOfAskingAgain() throws Exception {
        givenToken(token("first", DAY));
        pass(Duration.ofHours(11));

        assertThat(tokens.get(Duration.ZERO).getToken()).isEqualTo("first");
        assertThat(credential.requests()).isEqualTo(1);
    }

    @Test
    void handsOutTheGoodTokenWhileOneRefreshIsUnderWay() throws Exception {
        givenToken(token("first", DAY));
        pass(Duration.ofHours(12));

        assertThat(tokens.get(Duration.ZERO).getToken()).isEqualTo("first");
        assertThat(tokens.get(Duration.ZERO).getToken()).isEqualTo("first");
        credential.request().success(token("second", DAY));

        assertThat(tokens.get(Duration.ZERO).getToken()).isEqualTo("second");
        assertThat(credential.requests()).isEqualTo(2);
    }

    @ParameterizedTest(name = "a life of {0}, refresh asked for after {1}: due after {2}")
    @CsvSource(textBlock = """
            PT24H,  ,       PT12H
            PT2H1S, ,       PT1H0.5S
            PT2H,   ,       PT1H55M
            PT1H,   ,       PT55M
            PT8M,   ,       PT4M
            PT24H,  PT8H,   PT8H
            PT1H,   PT0S,   PT5S
            """)
    void aRefreshIsDueInTime(Duration life, Duration refreshAfter, Duration due) throws Exception {
        OffsetDateTime refreshAt =
                refreshAfter == null ? null : NOON.plus(refreshAfter).atOffset(ZoneOffset.UTC);
        AccessToken token = new AccessToken("t", NOON.plus(life).atOffset(ZoneOffset.UTC), refreshAt);

        assertThat(TokenSource.refreshAt(token, NOON)).isEqualTo(NOON.plus(due));
    }

    @Test
    void handsOutTheGoodTokenWhileRefreshesFail() throws Exception {
        givenToken(token("first", Duration.ofHours(1)));
        pass(Duration.ofMinutes(54));
        for (int minute = 55; minute < 58; minute++) {
            pass(Duration.ofMinutes(1));
            assertThat(tokens.get(Duration.ZERO).getToken()).isEqualTo("first");
            credential.request().error(refused);
        }
        assertThat(tokens.get(Duration.ZERO).getToken()).isEqualTo("first");

        // From two minutes before its end on it is no longer good for a call that must wait for a permit.
        pass(Duration.ofMinutes(1));
        assertThatThrownBy(() -> tokens.get(Duration.ZERO)).isInstanceOf(IdentityUnavailableException.class);
    }

    @Test
    void saysWhatToLookAtWhenTheRequestFails() throws Exception {
        Queue<Throwable> thrown = new ConcurrentLinkedQueue<>();
        Thread caller = new Thread(() -> thrown.add(catchThrowable(() -> tokens.get(PATIENT))));
        caller.start();
        Threads.awaitWaiting(caller, "timedGet");

        credential.request().error(refused);
        caller.join();

        assertThat(thrown)
                .singleElement()
                .satisfies(e -> assertThat(e)
                        .isInstanceOf(IdentityUnavailableException.class)
                        .hasMessage(
                                "no token for Defender (the request failed): check that the app has an identity and that"
                                        + " AZURE_CLIENT_ID, if set, is the client id of one that is assigned to the app")
                        .hasCause(refused));
    }

    @Test
    void startsNoRequestFor5sAfterAFailure() throws Exception {
        givenFailure();

        pass(Duration.ofMillis(4999));
        assertThatThrownBy(() -> tokens.get(PATIENT))
                .isInstanceOf(IdentityUnavailableException.class)
                .hasMessageContaining("the last request failed")
                .hasCause(refused);
        assertThat(credential.requests()).isEqualTo(1);
    }

    @Test
    void asksAnewSoonAfterDefenderRefusedTheToken() throws Exception {
        givenToken(token("without the role", DAY));
        tokens.refused("another token");
        tokens.refused("without the role");
        assertThat(tokens.get(Duration.ZERO).getToken()).isEqualTo("without the role");

        pass(Duration.ofMinutes(5));
        assertThat(tokens.get(Duration.ZERO).getToken()).isEqualTo("without the role");
        credential.request().success(token("with the role", DAY));

        assertThat(tokens.get(Duration.ZERO).getToken()).isEqualTo("with the role");
    }

    @Test
    void recoversAfterAFailure() throws Exception {
        givenFailure();
        pass(Duration.ofSeconds(5));

        givenToken(token("second", DAY));

        assertThat(tokens.get(Duration.ZERO).getToken()).isEqualTo("second");
    }

    @Test
    void theRequestOutlivesTheCallerThatGaveUp() throws Exception {
        assertThatThrownBy(() -> tokens.get(Duration.ZERO))
                .isInstanceOf(IdentityUnavailableException.class)
                .hasMessageContaining("no answer within PT0S")
                .hasCauseInstanceOf(TimeoutException.class);

        credential.request().success(token("first", DAY));

        assertThat(tokens.get(Duration.ZERO).getToken()).isEqualTo("first");
        assertThat(credential.requests()).isEqualTo(1);
    }

    @Test
    void aTokenThatIsAlreadyOverIsAFailure() throws Exception {
        giveUpAtOnce();
        credential.request().success(token("old", Duration.ofMinutes(2)));

        assertThatThrownBy(() -> tokens.get(Duration.ZERO))
                .isInstanceOf(IdentityUnavailableException.class)
                .rootCause()
                .hasMessage("the token ends at 2026-01-01T12:02Z and it is 2026-01-01T12:00:00Z");
    }

    @Test
    void noTokenIsAFailure() throws Exception {
        giveUpAtOnce();
        credential.request().success();

        assertThatThrownBy(() -> tokens.get(Duration.ZERO))
                .isInstanceOf(IdentityUnavailableException.class)
                .hasMessageContaining("the last request failed");
    }

    @Test
    void aCredentialThatThrowsIsAFailure() throws Exception {
        TokenSource source = new TokenSource(
                context -> {
                    throw refused;
                },
                "scope",
                TWO_MINUTES,
                () -> now,
                this::nanoTime);

        assertThatThrownBy(() -> source.get(PATIENT))
                .isInstanceOf(IdentityUnavailableException.class)
                .hasCause(refused);
    }

    @Test
    void anInterruptIsNoMissingToken() throws Exception {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> tokens.get(PATIENT)).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void aRequestThatEndsAtOnceIsNotWaitedForForEver() throws Exception {
        List<AccessToken> answers = new ArrayList<>();
        TokenSource source = new TokenSource(
                context -> answers.isEmpty() ? Mono.error(refused) : Mono.just(answers.get(0)),
                "scope",
                TWO_MINUTES,
                () -> now,
                this::nanoTime);
        Schedulers.onScheduleHook("refuse", task -> {
            throw new RejectedExecutionException("no thread");
        });
        try {
            assertThatThrownBy(() -> source.get(PATIENT)).isInstanceOf(IdentityUnavailableException.class);
        } finally {
            Schedulers.resetOnScheduleHook("refuse");
        }
        pass(Duration.ofSeconds(6));
        answers.add(token("later", DAY));

        assertThat(source.get(PATIENT).getToken()).isEqualTo("later");
    }

    @Test
    void aWallClockThatStepsBackDoesNotProlongThePause() throws Exception {
        givenFailure();
        monotonic = monotonic.plusSeconds(6);
        now = now.minus(Duration.ofHours(1));

        assertThatThrownBy(() -> tokens.get(Duration.ZERO)).hasMessageContaining("no answer within PT0S");
    }

    private void givenToken(AccessToken token) throws Exception {
        giveUpAtOnce();
        credential.request().success(token);
    }

    private void givenFailure() throws Exception {
        giveUpAtOnce();
        credential.request().error(refused);
    }

    private void giveUpAtOnce() throws Exception {
        assertThatThrownBy(() -> tokens.get(Duration.ZERO)).isInstanceOf(IdentityUnavailableException.class);
    }

    private void pass(Duration time) throws Exception {
        now = now.plus(time);
        monotonic = monotonic.plus(time);
    }

    private long nanoTime() {
        return monotonic.toNanos();
    }

    private AccessToken token(String value, Duration life) {
        return new AccessToken(value, now.plus(life).atOffset(ZoneOffset.UTC));
    }
}
