package dev.alertuser.delegated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import dev.alertuser.defender.TokenSource;
import dev.alertuser.service.port.IdentityUnavailableException;
import dev.alertuser.service.user.SignInException;
import dev.alertuser.service.user.SignInException.Fault;
import dev.alertuser.service.user.SignedInUser;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class SignInsTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private final AtomicInteger made = new AtomicInteger();
    private final AtomicInteger asked = new AtomicInteger();
    private final List<Duration> times = new ArrayList<>();
    private final List<Runnable> ends = new ArrayList<>();
    private TokenCredential entra = request -> {
        asked.incrementAndGet();
        return Mono.just(new AccessToken("for Defender", NOON.plusSeconds(3600).atOffset(ZoneOffset.UTC)));
    };

    private final SignIns<String> signIns = new SignIns<>(
            user -> new TokenSource(
                    request -> entra.getToken(request), "scope", Duration.ofMinutes(1), () -> NOON, () -> 0),
            (user, tokens) -> user.objectId() + " " + made.incrementAndGet(),
            () -> NOON,
            (time, end) -> {
                times.add(time);
                ends.add(end);
            });

    @Test
    void aSignInIsMadeOnce() throws Exception {
        assertThat(signIns.of(user("ada", "token 1"))).isEqualTo("ada 1");
        assertThat(signIns.of(user("ada", "token 1"))).isEqualTo("ada 1");
        assertThat(asked).hasValue(1);
    }

    @Test
    void anotherUserHasAnother() throws Exception {
        assertThat(signIns.of(user("ada", "token 1"))).isEqualTo("ada 1");
        assertThat(signIns.of(user("bob", "token 2"))).isEqualTo("bob 2");
    }

    @Test
    void aTokenThatOnlyNamesTheSameUserHasToBeAcceptedItself() throws Exception {
        signIns.of(user("ada", "token 1"));
        entra = request -> Mono.error(new SignInException(Fault.REJECTED, "forged"));

        assertThatThrownBy(() -> signIns.of(user("ada", "forged token"))).isInstanceOf(SignInException.class);
        assertThat(signIns.of(user("ada", "token 1"))).isEqualTo("ada 1");
    }

    @Test
    void aRefusalIsHandedOnWithoutTheWayItCame() {
        entra = request -> Mono.error(new SignInException(Fault.CONSENT_REQUIRED, "ask the administrator"));

        assertThatThrownBy(() -> signIns.of(user("ada", "token 1")))
                .isInstanceOf(SignInException.class)
                .hasMessage("ask the administrator");
    }

    @Test
    void anOutageIsNoRefusal() {
        entra = request -> Mono.error(new IllegalStateException("no connection"));

        assertThatThrownBy(() -> signIns.of(user("ada", "token 1"))).isInstanceOf(IdentityUnavailableException.class);
    }

    @Test
    void isForgottenWhenItsTokenEnds() throws Exception {
        signIns.of(user("ada", "token 1"));
        assertThat(times).containsExactly(Duration.ofMinutes(10));

        ends.get(0).run();

        assertThat(signIns.size()).isZero();
    }

    @Test
    void theLeastRecentlyUsedOfTooManyIsForgotten() throws Exception {
        for (int i = 1; i <= 1000; i++) {
            signIns.of(user("user", "token " + i));
        }
        signIns.of(user("user", "token 1"));

        signIns.of(user("user", "token 1001"));

        assertThat(signIns.size()).isEqualTo(1000);
        assertThat(signIns.of(user("user", "token 1"))).isEqualTo("user 1");
        assertThat(signIns.of(user("user", "token 2"))).isEqualTo("user 1002");
    }

    private static SignedInUser user(String objectId, String token) {
        return new SignedInUser("tenant", objectId, token, NOON.plus(Duration.ofMinutes(10)));
    }
}
