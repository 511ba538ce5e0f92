package dev.alertuser.delegated;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import com.azure.core.http.HttpClient;
import com.azure.core.http.policy.FixedDelayOptions;
import com.azure.core.http.policy.RetryOptions;
import com.azure.identity.AzureAuthorityHosts;
import com.azure.identity.OnBehalfOfCredentialBuilder;
import dev.alertuser.config.Delegation;
import dev.alertuser.defender.TokenClaims;
import dev.alertuser.defender.TokenSource;
import dev.alertuser.service.user.SignInException;
import dev.alertuser.service.user.SignInException.Fault;
import dev.alertuser.service.user.SignedInUser;
import java.time.Duration;
import reactor.core.publisher.Mono;

/**
 * Exchanges a user's token for one of Defender, on behalf of the user. The app proves itself by a token of its managed identity, which the
 * app registration trusts: there is no secret. Thread-safe.
 *
 * @see <a href="https://learn.microsoft.com/entra/identity-platform/v2-oauth2-on-behalf-of-flow">On-behalf-of flow</a>
 */
public final class TokenExchange {
    private static final Duration ASSERTION_WAIT = Duration.ofSeconds(10);

    /** Of the one retry: with more, an outage would be told only after the user has waited for all of 10 s. */
    private static final Duration RETRY_DELAY = Duration.ofMillis(500);

    private final Delegation delegation;
    private final TokenSource assertions;
    private final HttpClient http = ExchangeHttpClient.create();

    /** @param assertions tokens of the managed identity for {@link Delegation#assertionScope} */
    public TokenExchange(Delegation delegation, TokenSource assertions) {
        this.delegation = delegation;
        this.assertions = assertions;
    }

    /**
     * Tokens of one sign-in, and of no other: the credential caches them for whoever holds it. Fails with {@link SignInException} if Entra ID
     * refuses, with none of its words, since they may name the user.
     */
    public TokenCredential of(SignedInUser user) {
        OnBehalfOfCredentialBuilder builder = new OnBehalfOfCredentialBuilder()
                .httpClient(http)
                .retryOptions(new RetryOptions(new FixedDelayOptions(1, RETRY_DELAY)))
                .tenantId(delegation.tenantId())
                .clientId(delegation.clientId())
                .clientAssertion(this::assertion)
                .userAssertion(user.token());
        if (delegation.authority() != null) {
            // Entra ID vouches for its own addresses only.
            builder.authorityHost(delegation.authority().toString()).disableInstanceDiscovery();
        } else if (delegation.governmentCloud()) {
            builder.authorityHost(AzureAuthorityHosts.AZURE_GOVERNMENT);
        }
        TokenCredential credential = builder.build();
        return request -> token(credential, request);
    }

    private Mono<AccessToken> token(TokenCredential credential, TokenRequestContext request) {
        return credential.getToken(request).onErrorMap(this::translated).flatMap(this::withRight);
    }

    private Throwable translated(Throwable cause) {
        return EntraRefusal.in(cause)
                .<Throwable>map(refusal -> refusal.toException(delegation.clientId()))
                .orElse(cause);
    }

    /** Entra ID gives a token with whatever was consented to. */
    private Mono<AccessToken> withRight(AccessToken token) {
        return TokenClaims.lacksRight(token.getToken())
                ? Mono.error(
                        new SignInException(Fault.CONSENT_REQUIRED, EntraRefusal.consentMissing(delegation.clientId())))
                : Mono.just(token);
    }

    private String assertion() {
        try {
            return assertions.get(ASSERTION_WAIT).getToken();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a token of the managed identity", e);
        }
    }
}
