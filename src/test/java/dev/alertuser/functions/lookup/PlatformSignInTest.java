package dev.alertuser.functions.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.alertuser.config.Delegation;
import dev.alertuser.functions.http.Json;
import dev.alertuser.service.user.SignInException;
import dev.alertuser.service.user.SignInException.Fault;
import dev.alertuser.service.user.SignedInUser;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlatformSignInTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final String APP = "11111111-1111-1111-1111-111111111111";
    private static final String TENANT = "22222222-2222-2222-2222-222222222222";
    private static final String ADA = "33333333-3333-3333-3333-333333333333";
    private static final String BOB = "44444444-4444-4444-4444-444444444444";
    private static final Delegation DELEGATION = new Delegation(APP, TENANT, "identity", null, false, false, true);

    private final Map<String, Object> claims = new LinkedHashMap<>(Map.of(
            "aud",
            "api://" + APP,
            "tid",
            TENANT,
            "oid",
            ADA,
            "scp",
            "user_impersonation",
            "exp",
            NOON.plusSeconds(3600).getEpochSecond()));
    private final Map<String, String> headers = new HashMap<>(Map.of("x-ms-client-principal", principal(TENANT, ADA)));

    @Test
    void readsTheTokenOfTheCaller() {
        headers.put("authorization", "Bearer " + token());

        assertThat(read()).isEqualTo(new SignedInUser(TENANT, ADA, token(), NOON.plusSeconds(3600)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer ", "bearer ", "BEARER   "})
    void readsTheSchemeInAnyLetterCase(String scheme) {
        headers.put("authorization", scheme + token());

        assertThat(read().token()).isEqualTo(token());
    }

    @Test
    void readsTheTokenOfABrowsersSession() {
        headers.put("x-ms-token-aad-access-token", token());

        assertThat(read().objectId()).isEqualTo(ADA);
    }

    @Test
    void prefersTheCallersTokenToTheSessions() {
        headers.put("authorization", "Bearer " + token());
        headers.put("x-ms-token-aad-access-token", "x.y.z");

        assertThat(read().token()).isEqualTo(token());
    }

    @Test
    void readsAPrincipalWhoseClaimsThePlatformRenamed() {
        headers.put("authorization", "Bearer " + token());
        headers.put(
                "x-ms-client-principal",
                base64("{\"auth_typ\":\"aad\",\"claims\":[{\"typ\":\"name\",\"val\":\"x\"},"
                        + "{\"typ\":\"http://schemas.microsoft.com/identity/claims/objectidentifier\",\"val\":\"" + ADA
                        + "\"},{\"typ\":\"http://schemas.microsoft.com/identity/claims/tenantid\",\"val\":\"" + TENANT
                        + "\"}]}"));

        assertThat(read().objectId()).isEqualTo(ADA);
    }

    @Test
    void takesATokenOfVersion2() {
        claims.put("aud", APP);
        headers.put("authorization", "Bearer " + token());

        assertThat(read().objectId()).isEqualTo(ADA);
    }

    @Test
    void refusesACallerWhomThePlatformHasNotSignedIn() {
        headers.remove("x-ms-client-principal");
        headers.put("authorization", "Bearer " + token());

        assertRefused(Fault.MISSING, "No user is signed in");
    }

    @Test
    void refusesAUserWithoutAToken() {
        assertRefused(Fault.MISSING, "no access token of that user");

        headers.put("x-ms-token-aad-access-token", "");

        assertRefused(Fault.MISSING, "no access token of that user");
    }

    @Test
    void refusesTheSessionOfABrowserThatAnotherSiteUses() {
        headers.put("x-ms-token-aad-access-token", token());
        headers.put("sec-fetch-site", "cross-site");

        assertRefused(Fault.MISSING, "another site");
    }

    @Test
    void refusesTheTokenOfAnotherUserThanTheSignedInOne() {
        claims.put("oid", BOB);
        headers.put("authorization", "Bearer " + token());

        assertRefused(Fault.MISSING, "another user");
    }

    @Test
    void refusesAPrincipalOfAnotherTenant() {
        headers.put("x-ms-client-principal", principal("55555555-5555-5555-5555-555555555555", ADA));
        headers.put("authorization", "Bearer " + token());

        assertRefused(Fault.MISSING, "another user");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://graph.microsoft.com", "api://66666666-6666-6666-6666-666666666666", ""})
    void refusesATokenForAnotherApi(String audience) {
        claims.put("aud", audience);
        headers.put("authorization", "Bearer " + token());

        assertRefused(Fault.WRONG_AUDIENCE, "api://" + APP + "/.default");
    }

    @Test
    void refusesATokenOfAnotherTenant() {
        claims.put("tid", "55555555-5555-5555-5555-555555555555");
        headers.put("authorization", "Bearer " + token());

        assertRefused(Fault.NOT_IN_TENANT, TENANT);
    }

    @ParameterizedTest
    @CsvSource({"-1", "0"})
    void refusesATokenThatHasEnded(long seconds) {
        claims.put("exp", NOON.plusSeconds(seconds).getEpochSecond());
        headers.put("authorization", "Bearer " + token());

        assertRefused(Fault.EXPIRED, "sign in again");
    }

    @Test
    void refusesTheTokenOfAnApplication() {
        claims.remove("scp");
        claims.put("roles", new String[] {"Lookups.Read"});
        headers.put("authorization", "Bearer " + token());

        assertRefused(Fault.MISSING, "application's own");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abc", "a.b", "a.!!.c", "a.bm8ganNvbg.c", "a.WzFd.c"})
    void refusesWhatIsNoToken(String text) {
        headers.put("authorization", "Bearer " + text);

        assertRefused(Fault.MISSING, "not a JSON Web Token");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "!!", "e30", "W10="})
    void refusesAPrincipalThatSaysNothing(String principal) {
        headers.put("x-ms-client-principal", principal);
        headers.put("authorization", "Bearer " + token());

        assertThatThrownBy(this::read)
                .isInstanceOfSatisfying(
                        SignInException.class, e -> assertThat(e.fault()).isEqualTo(Fault.MISSING));
    }

    @Test
    void withholdsTheUser() {
        headers.put("authorization", "Bearer " + token());

        assertThat(read().toString()).doesNotContain(ADA, TENANT, token());
    }

    private SignedInUser read() {
        return PlatformSignIn.read(headers, DELEGATION, NOON);
    }

    private void assertRefused(Fault fault, String words) {
        assertThatThrownBy(this::read)
                .hasMessageContaining(words)
                .hasMessageNotContainingAny(ADA, BOB)
                .isInstanceOfSatisfying(
                        SignInException.class, e -> assertThat(e.fault()).isEqualTo(fault));
    }

    private String token() {
        return "e30." + base64(Json.write(new com.fasterxml.jackson.databind.ObjectMapper().valueToTree(claims)))
                + ".signature";
    }

    private static String principal(String tenant, String user) {
        return base64("{\"auth_typ\":\"aad\",\"claims\":[{\"typ\":\"oid\",\"val\":\"" + user
                + "\"},{\"typ\":\"tid\",\"val\":\"" + tenant + "\"}]}");
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
