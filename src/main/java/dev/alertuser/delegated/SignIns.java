package dev.alertuser.delegated;

import dev.alertuser.defender.TokenSource;
import dev.alertuser.service.alert.Sha256;
import dev.alertuser.service.port.IdentityUnavailableException;
import dev.alertuser.service.user.SignInException;
import dev.alertuser.service.user.SignedInUser;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * What belongs to each sign-in: the tokens on behalf of its user, and what asks with them. Kept in memory only, and forgotten as a whole
 * when the sign-in ends, or when it was least recently used of too many. Thread-safe.
 *
 * <p>The key is a hash of the user's whole token, and nothing is handed out before Entra ID has accepted that token. So neither a forged
 * token nor one that merely names the same user reaches what belongs to another sign-in.
 *
 * @param <T> what asks in the name of a user
 */
public final class SignIns<T> {
    private static final int MOST = 1000;
    private static final Duration TOKEN_WAIT = Duration.ofSeconds(10);

    private final Function<SignedInUser, TokenSource> tokens;
    private final BiFunction<SignedInUser, TokenSource, T> maker;
    private final InstantSource time;
    private final BiConsumer<Duration, Runnable> later;
    private final Map<String, SignIn<T>> known = new LinkedHashMap<>(16, 0.75f, true);

    private record SignIn<T>(TokenSource tokens, T asker) {}

    /**
     * @param tokens makes what gets tokens on behalf of a user; requests none yet
     * @param maker makes what asks with them
     * @param later runs a task after a time
     */
    public SignIns(
            Function<SignedInUser, TokenSource> tokens,
            BiFunction<SignedInUser, TokenSource, T> maker,
            InstantSource time,
            BiConsumer<Duration, Runnable> later) {
        this.tokens = tokens;
        this.maker = maker;
        this.time = time;
        this.later = later;
    }

    /**
     * What asks in the name of this user.
     *
     * @throws SignInException if Entra ID gives no token for Defender on behalf of the user
     * @throws IdentityUnavailableException if Entra ID or the app's identity endpoint is out of reach
     * @throws InterruptedException if interrupted while waiting, for 10 s at most
     */
    public T of(SignedInUser user) throws InterruptedException {
        String key = Sha256.hex(user.token());
        SignIn<T> signIn = signIn(key, user);
        try {
            signIn.tokens.get(TOKEN_WAIT);
        } catch (IdentityUnavailableException e) {
            if (e.getCause() instanceof SignInException refusal) {
                throw refusal;
            }
            throw e;
        }
        return signIn.asker;
    }

    private synchronized SignIn<T> signIn(String key, SignedInUser user) {
        SignIn<T> signIn = known.get(key);
        if (signIn == null) {
            TokenSource source = tokens.apply(user);
            signIn = new SignIn<>(source, maker.apply(user, source));
            known.put(key, signIn);
            // The task knows the key only: a sign-in that is forgotten sooner is not to live on in it.
            later.accept(Duration.between(time.instant(), user.expiry()), () -> forget(key));
            if (known.size() > MOST) {
                known.remove(known.keySet().iterator().next());
            }
        }
        return signIn;
    }

    private synchronized void forget(String key) {
        known.remove(key);
    }

    /** How many sign-ins are kept. */
    synchronized int size() {
        return known.size();
    }
}
