package dev.alertuser;

import com.azure.core.credential.TokenCredential;
import dev.alertuser.Application.DelegatedParts;
import dev.alertuser.Application.LookupParts;
import dev.alertuser.config.Credentials;
import dev.alertuser.config.Delegation;
import dev.alertuser.config.Settings;
import dev.alertuser.config.StorageClients;
import dev.alertuser.defender.DefenderClient;
import dev.alertuser.defender.TokenSource;
import dev.alertuser.delegated.Later;
import dev.alertuser.delegated.SignIns;
import dev.alertuser.delegated.TokenExchange;
import dev.alertuser.ratelimit.DurableRateLimiter;
import dev.alertuser.service.AlertUserService;
import dev.alertuser.service.AlertUsersService;
import dev.alertuser.service.AnonymousTraffic;
import dev.alertuser.service.AnswerCacheBreaker;
import dev.alertuser.service.Parallel;
import dev.alertuser.service.budget.RateLimiter;
import dev.alertuser.service.port.AnswerCache;
import dev.alertuser.service.port.DefenderApi;
import dev.alertuser.service.user.SignedInUser;
import dev.alertuser.tables.TableAnswerCache;
import dev.alertuser.tables.TablePendingLookupStore;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.function.BiFunction;

/**
 * Lookups with the rights of the user who asks. Each sign-in gets a service, a cache and a store of its own, so that nothing of one user can
 * reach another. Not loaded unless the settings ask for it.
 *
 * @param client whose connections are shared
 * @param appLimiter of the app's own calls
 * @param tokens makes what caches the tokens of a credential for a scope
 */
record UserLookups(
        Settings settings,
        StorageClients storage,
        DefenderClient client,
        RateLimiter appLimiter,
        BiFunction<TokenCredential, String, TokenSource> tokens,
        Parallel parallel,
        AnonymousTraffic anonymous,
        ExecutorService threads,
        InstantSource time) {

    DelegatedParts parts(Delegation delegation) {
        RateLimiter limiter = delegation.sharesBudget() ? appLimiter : limiter(delegation);
        TokenExchange exchange = new TokenExchange(
                delegation, tokens.apply(Credentials.forUsers(delegation), delegation.assertionScope()));
        SignIns<LookupParts> signIns = new SignIns<>(
                user -> tokens.apply(exchange.of(user), settings.defenderScope()),
                (user, own) -> lookup(user, client.onBehalfOf(own), limiter),
                time,
                new Later()::run);
        return new DelegatedParts(delegation, limiter, signIns, time);
    }

    private RateLimiter limiter(Delegation delegation) {
        return DurableRateLimiter.create(
                storage.counter(Names.BUDGET_TABLE),
                settings.policyKey() + "|as|" + delegation.clientId(),
                settings.policy());
    }

    private LookupParts lookup(SignedInUser user, DefenderApi asUser, RateLimiter limiter) {
        String key = settings.lookupsKey() + "|" + user.scope();
        AnswerCache answers = new AnswerCacheBreaker(
                new TableAnswerCache(storage.table(Names.LOOKUPS_TABLE), key, time), threads, System::nanoTime);
        AlertUserService single =
                new AlertUserService(asUser, limiter, answers, settings.answerTtl(), System::nanoTime, user::question);
        return new LookupParts(
                single,
                new AlertUsersService(single, parallel, System::nanoTime),
                new TablePendingLookupStore(storage.table(Names.LOOKUPS_TABLE), key),
                anonymous,
                settings.waits(),
                settings.answerTtl(),
                settings.publicUrl(),
                "/api/me/lookups/",
                time);
    }
}
