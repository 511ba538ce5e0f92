package dev.alertuser.endtoend;

import static dev.alertuser.endtoend.RunningApp.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.alertuser.docs.MarkdownDocument;
import dev.alertuser.localkit.fake.FakeDefenderAnswer;
import dev.alertuser.localkit.fake.FakeEntra;
import dev.alertuser.localkit.fake.FakeUser;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose eyes: Defender is asked with the rights of the user who asks. */
class AsTheAnalystIT {
    private static RunningApp app;

    private final String workstation = "da" + UUID.randomUUID();
    private final String server = "server" + UUID.randomUUID();

    @BeforeAll
    static void start() throws Exception {
        app = RunningApp.startWithSignIn("as-the-analyst", Map.of());
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    @AfterEach
    void recover() {
        app.entra().trusts(true);
        app.entra().consented(true);
        app.entra().down(false);
        app.entra().scopes("User.Read.All");
    }

    @Test
    void oneAnalystSeesTheUserAndTheOtherIsDenied() throws Exception {
        assertThat(as(FakeUser.ADA, server).statusCode()).isEqualTo(200);

        HttpResponse<String> denied = as(FakeUser.BOB, server);

        assertError(denied, 403, "DefenderDeniesUser");
        assertThat(message(denied)).contains("View Data", "device group", "administrator");
        assertThat(denied.headers().firstValue("Retry-After")).isEmpty();
        assertThat(as(FakeUser.BOB, workstation).statusCode()).isEqualTo(200);
    }

    @Test
    void whoLacksViewDataSeesNothing() throws Exception {
        assertError(as(FakeUser.CY, workstation), 403, "DefenderDeniesUser");
    }

    @Test
    void theAppSeesWhatItSaw() throws Exception {
        assertThat(app.user(server).statusCode()).isEqualTo(200);

        assertError(as(FakeUser.BOB, server), 403, "DefenderDeniesUser");
    }

    @Test
    void anAnswerIsCachedForItsUserAlone() throws Exception {
        as(FakeUser.ADA, workstation);

        assertThat(as(FakeUser.ADA, workstation).headers().firstValue("Age")).isPresent();
        assertThat(as(FakeUser.BOB, workstation).headers().firstValue("Age")).isEmpty();
        assertThat(app.user(workstation).headers().firstValue("Age")).isEmpty();
        assertThat(app.callsFor(workstation)).isEqualTo(3);
    }

    @Test
    void aNewTokenOfTheSameUserFindsWhatIsCachedForThatUser() throws Exception {
        as(FakeUser.ADA, workstation);

        assertThat(as(FakeUser.ADA, workstation).headers().firstValue("Age")).isPresent();
        assertThat(app.callsFor(workstation)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"?as=me, x-nothing, 1", "'', Prefer, as=me", "?wait=5, Prefer, 'respond-async, as=me'"})
    void aCallerWithAKeyCanAskAsItself(String query, String header, String value) throws Exception {
        HttpResponse<String> denied = app.get(
                "/api/alerts/" + server + "/user" + query, header, value, "Authorization", bearer(FakeUser.BOB));

        assertError(denied, 403, "DefenderDeniesUser");
        assertThat(denied.headers().firstValue("Preference-Applied").orElse("")).contains("as=me");
    }

    @Test
    void withoutAsMeAUsersTokenChangesNothing() throws Exception {
        assertThat(app.get("/api/alerts/" + server + "/user", "Authorization", bearer(FakeUser.BOB))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void aBatchTellsEachAlertApart() throws Exception {
        HttpResponse<String> answer = app.post(
                "/api/me/alerts/users",
                "[\"" + server + "\", \"" + workstation + "\"]",
                "Authorization",
                bearer(FakeUser.BOB));

        JsonNode results = json(answer).get("results");
        assertThat(results.at("/0/outcome").textValue()).isEqualTo("failed");
        assertThat(results.at("/0/error/code").textValue()).isEqualTo("DefenderDeniesUser");
        assertThat(results.at("/1/outcome").textValue()).isEqualTo("found");
    }

    @Test
    void aPendingLookupIsFoundByItsUserAlone() throws Exception {
        app.defender.answerNextFor(workstation, FakeDefenderAnswer.error(503, "Unavailable", "later"));
        HttpResponse<String> pending = app.get(
                "/api/me/alerts/" + workstation + "/user?mode=async&wait=0", "Authorization", bearer(FakeUser.ADA));
        assertThat(pending.statusCode()).isEqualTo(202);
        String location = URI.create(pending.headers().firstValue("Location").orElseThrow())
                .getPath();
        assertThat(location).startsWith("/api/me/lookups/");
        String id = location.substring(location.lastIndexOf('/') + 1);

        assertError(app.get(location, "Authorization", bearer(FakeUser.BOB)), 404, "LookupNotFound");
        assertError(app.get("/api/lookups/" + id), 404, "LookupNotFound");
        assertError(app.get(location), 401, "SignInRequired");
        assertThat(app.get(location, "Authorization", bearer(FakeUser.ADA)).statusCode())
                .isEqualTo(202);
    }

    @Test
    void tenUsersAtOnceGetEachTheirOwnAnswer() throws Exception {
        List<CompletableFuture<Integer>> answers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            String token = app.entra().tokenOf(FakeUser.another(i % 2 == 0));
            answers.add(CompletableFuture.supplyAsync(() -> {
                try {
                    return app.get(
                                    "/api/me/alerts/" + workstation + "/user?wait=30",
                                    "Authorization",
                                    "Bearer " + token)
                            .statusCode();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }));
        }

        for (int i = 0; i < 10; i++) {
            assertThat(answers.get(i).join()).as("user %d", i).isEqualTo(i % 2 == 0 ? 200 : 403);
        }
        assertThat(app.callsFor(workstation)).isEqualTo(10);
    }

    @Test
    void nobodyWithoutASignInIsAUser() throws Exception {
        assertError(app.get("/api/me/alerts/" + workstation + "/user"), 401, "SignInRequired");
        assertError(app.get("/api/alerts/" + workstation + "/user?as=me"), 401, "SignInRequired");
        assertThat(app.callsFor(workstation)).isZero();
    }

    @Test
    void nobodyCanClaimToBeAUser() throws Exception {
        String principal = Base64.getEncoder()
                .encodeToString(("{\"claims\":[{\"typ\":\"oid\",\"val\":\"" + FakeUser.ADA.objectId() + "\"}]}")
                        .getBytes(StandardCharsets.UTF_8));

        HttpResponse<String> answer = app.get(
                "/api/me/alerts/" + workstation + "/user",
                "X-MS-CLIENT-PRINCIPAL",
                principal,
                "X-MS-TOKEN-AAD-ACCESS-TOKEN",
                app.entra().tokenOf(FakeUser.ADA));

        assertError(answer, 401, "SignInRequired");
    }

    @Test
    void aTokenForAnotherApiOrOneThatHasEndedDoesNotPassThePlatform() throws Exception {
        for (String token : List.of(
                app.entra().tokenForAnotherApi(FakeUser.ADA),
                app.entra().tokenOf(FakeUser.ADA, Duration.ofMinutes(-1)),
                app.entra().tokenOf(FakeUser.ADA) + "x")) {
            assertThat(app.getAnswerOfThePlatform(
                                    "/api/me/alerts/" + workstation + "/user", "Authorization", "Bearer " + token)
                            .statusCode())
                    .isEqualTo(401);
        }
        assertThat(app.callsFor(workstation)).isZero();
    }

    @Test
    void aTokenOfAnotherTenantIsRefused() throws Exception {
        HttpResponse<String> answer = with(app.entra().tokenOfAnotherTenant(FakeUser.ADA));

        assertError(answer, 403, "UserNotInTenant");
    }

    @Test
    void aTokenOfAnApplicationIsRefused() throws Exception {
        HttpResponse<String> answer = with(app.entra().tokenOfAnApplication());

        assertError(answer, 401, "SignInRequired");
        assertThat(message(answer)).contains("application");
    }

    /** A token that was good a moment ago, with its token for Defender still in memory. */
    @Test
    void aReplayedTokenThatHasEndedSinceIsRefused() throws Exception {
        String token = app.entra().tokenOf(FakeUser.ADA, Duration.ofSeconds(3));
        assertThat(with(token).statusCode()).isEqualTo(200);

        Thread.sleep(3100);

        assertThat(app.getAnswerOfThePlatform(
                                "/api/me/alerts/" + workstation + "/user", "Authorization", "Bearer " + token)
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void missingConsentIsToldApart() throws Exception {
        app.entra().consented(false);

        HttpResponse<String> answer = as(FakeUser.another(true), workstation);

        assertError(answer, 403, "ConsentRequired");
        assertThat(message(answer)).contains("administrator", "AADSTS65001").doesNotContain(FakeEntra.ACCOUNT);
    }

    @Test
    void consentToAnotherPermissionIsNoConsent() throws Exception {
        app.entra().scopes("Alert.Read");

        assertError(as(FakeUser.another(true), workstation), 403, "ConsentRequired");
        assertThat(app.callsFor(workstation)).isZero();
    }

    @Test
    void consentThatComesCountsSoon() throws Exception {
        FakeUser user = FakeUser.another(true);
        String token = app.entra().tokenOf(user);
        app.entra().consented(false);
        assertError(with(token), 403, "ConsentRequired");

        app.entra().consented(true);

        HttpResponse<String> answer = with(token);
        for (int i = 0; i < 100 && answer.statusCode() == 403; i++) {
            Thread.sleep(100);
            answer = with(token);
        }
        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @Test
    void theChallengeOfConditionalAccessIsHandedOn() throws Exception {
        FakeUser user = FakeUser.another(true);
        String claims = "{\"access_token\":{\"capolids\":{\"essential\":true,\"values\":[\"c\"]}}}";
        app.entra().challenge(user, claims);

        HttpResponse<String> answer = as(user, workstation);

        assertError(answer, 401, "InteractionRequired");
        assertThat(answer.headers().firstValue("WWW-Authenticate"))
                .contains("Bearer error=\"insufficient_claims\", claims=\""
                        + Base64.getEncoder().encodeToString(claims.getBytes(StandardCharsets.UTF_8)) + "\"");
    }

    @Test
    void aMissingFederatedCredentialIsTheOperatorsAffair() throws Exception {
        app.entra().trusts(false);

        HttpResponse<String> answer = as(FakeUser.another(true), workstation);

        assertError(answer, 502, "FederatedCredentialMissing");
        assertThat(message(answer)).contains("operator", "infra/delegate.sh");
    }

    @Test
    void anOutageOfEntraIsNoRefusal() throws Exception {
        app.entra().down(true);

        assertError(as(FakeUser.another(true), workstation), 503, "IdentityUnavailable");
    }

    @Test
    void aTokenIsExchangedOnceForManyQuestions() throws Exception {
        FakeUser user = FakeUser.another(true);
        String token = app.entra().tokenOf(user);

        for (int i = 0; i < 3; i++) {
            with(token);
        }

        assertThat(app.entra().exchanged().stream().filter(user.objectId()::equals))
                .hasSize(1);
    }

    @Test
    void theCallsOfUsersAreCountedApart() throws Exception {
        int before =
                json(app.get("/api/budget")).at("/windows/0/used/interactive").intValue();

        HttpResponse<String> answer = as(FakeUser.ADA, workstation);

        assertThat(json(app.get("/api/budget"))
                        .at("/windows/0/used/interactive")
                        .intValue())
                .isEqualTo(before);
        assertThat(answer.headers().firstValue("RateLimit").orElse("")).contains("\"minute\";r=");
        assertThat(json(app.get("/api/budget?of=users"))
                        .at("/windows/0/used/interactive")
                        .intValue())
                .isPositive();
    }

    @Test
    void aBrowsersSessionDoes() throws Exception {
        String cookie = signIn("Bob");

        assertThat(app.get("/api/me/alerts/" + workstation + "/user", "Cookie", cookie)
                        .statusCode())
                .isEqualTo(200);
        assertError(app.get("/api/me/alerts/" + server + "/user", "Cookie", cookie), 403, "DefenderDeniesUser");
    }

    @Test
    void anotherSiteCannotUseABrowsersSession() throws Exception {
        String cookie = signIn("Ada");

        assertError(
                app.get("/api/me/alerts/" + workstation + "/user", "Cookie", cookie, "Sec-Fetch-Site", "cross-site"),
                401,
                "SignInRequired");
    }

    @Test
    void theNotebookOfTheDocumentsRuns() throws Exception {
        String notebook = MarkdownDocument.README
                .section("For analysts")
                .blocks("javascript")
                .get(0);
        Path output = Files.createTempFile("notebook", ".txt");
        ProcessBuilder node = new ProcessBuilder("node", "--input-type=module", "--eval", notebook);
        node.environment().put("ALERT_USER_APP", app.baseUri().toString());
        node.environment().put("ALERT_USER_TOKEN", app.entra().tokenOf(FakeUser.BOB));
        node.environment().put("NO_COLOR", "1");
        Process process =
                node.redirectErrorStream(true).redirectOutput(output.toFile()).start();

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(output)).isZero();
        assertThat(Files.readString(output))
                .containsPattern("636688558380765161_2136280442.*contoso.*user1.*2020")
                .containsPattern("server_1.*DefenderDeniesUser");
    }

    @Test
    void eachUserHasAPlaceInLineOfItsOwn() throws Exception {
        try (RunningApp small = RunningApp.startWithSignIn("users-in-line", Map.of("RATE_LIMITS", "1/PT1M"))) {
            ask(small, FakeUser.ADA, workstation);

            long ada = retryAfter(ask(small, FakeUser.ADA, server));
            long bob = retryAfter(ask(small, FakeUser.BOB, server));

            assertThat(bob).as("a minute behind Ada's %d s", ada).isGreaterThan(ada + 30);
            assertThat(retryAfter(ask(small, FakeUser.ADA, server))).isLessThanOrEqualTo(ada);
        }
    }

    private static HttpResponse<String> ask(RunningApp app, FakeUser user, String alertId) throws Exception {
        return app.get(
                "/api/me/alerts/" + alertId + "/user?wait=0",
                "Authorization",
                "Bearer " + app.entra().tokenOf(user));
    }

    private static long retryAfter(HttpResponse<String> denied) {
        assertThat(denied.statusCode()).isEqualTo(429);
        return denied.headers().firstValueAsLong("Retry-After").orElseThrow();
    }

    @Test
    void theLogNamesNoUserAndNoToken() throws Exception {
        String token = app.entra().tokenOf(FakeUser.ADA);
        with(token);
        app.entra().consented(false);
        as(FakeUser.another(true), workstation);
        app.entra().down(true);
        as(FakeUser.another(true), workstation);

        assertThat(app.log()).contains("\"entry\":\"MyAlertUser\",\"as\":\"user\"");
        assertThat(app.log())
                .doesNotContain(FakeUser.ADA.objectId(), token, token.split("\\.", -1)[2], FakeEntra.ACCOUNT);
    }

    private String signIn(String user) throws Exception {
        return app.getAnswerOfThePlatform("/.auth/login/aad?user=" + user)
                .headers()
                .firstValue("Set-Cookie")
                .orElseThrow()
                .split(";", -1)[0];
    }

    private static String bearer(FakeUser user) {
        return "Bearer " + app.entra().tokenOf(user);
    }

    private HttpResponse<String> with(String token) throws Exception {
        return app.get("/api/me/alerts/" + workstation + "/user", "Authorization", "Bearer " + token);
    }

    private static HttpResponse<String> as(FakeUser user, String alertId) throws Exception {
        return app.get("/api/me/alerts/" + alertId + "/user", "Authorization", bearer(user));
    }

    private static String message(HttpResponse<String> answer) throws Exception {
        return json(answer).at("/error/message").textValue();
    }

    private static void assertError(HttpResponse<String> answer, int status, String code) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(json(answer).at("/error/code").textValue()).isEqualTo(code);
    }
}
