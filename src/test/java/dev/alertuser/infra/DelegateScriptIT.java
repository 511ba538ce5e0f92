package dev.alertuser.infra;

import static dev.alertuser.infra.Repository.INFRA;
import static dev.alertuser.infra.Repository.find;
import static dev.alertuser.infra.Repository.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** infra/delegate.sh against a fake Microsoft Graph. */
class DelegateScriptIT {
    private static final String APP = RegistrationFake.APP;
    private static final String IDENTITY = GraphFake.IDENTITY;
    private static final String HOST = "app.azurewebsites.net";
    private static final String CALLBACK = "https://app.azurewebsites.net/.auth/login/aad/callback";
    private static final String AZURE_CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";
    private static final String ISSUER = "https://login.microsoftonline.com/" + GraphScript.TENANT + "/v2.0";
    private static final String AUDIENCE = "api://AzureADTokenExchange";
    private static final Optional<String> EVERYBODY = Optional.empty();

    @TempDir
    private Path programs;

    private GraphScript script;
    private GraphFake graph;

    @BeforeEach
    void startGraph() throws Exception {
        script = GraphScript.with(INFRA.resolve("delegate.sh"), programs);
        graph = new GraphFake();
    }

    @AfterEach
    void stopGraph() {
        if (graph != null) {
            graph.close();
        }
    }

    @Test
    void firstRunGivesANewRegistrationAllThatAnalystsNeed() throws Exception {
        Command.Outcome outcome = delegateEverything();

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        JsonNode application = graph.registration().application();
        assertThat(application.get("identifierUris")).hasToString("[\"api://" + APP + "\"]");
        assertThat(application.at("/api/requestedAccessTokenVersion").intValue())
                .isEqualTo(2);
        JsonNode scope = application.at("/api/oauth2PermissionScopes/0");
        assertThat(scope.get("value").textValue()).isEqualTo("user_impersonation");
        assertThat(scope.get("type").textValue()).isEqualTo("User");
        assertThat(scope.get("isEnabled").booleanValue()).isTrue();
        assertThat(scope.get("id").textValue()).matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
        assertThat(application.at("/api/preAuthorizedApplications"))
                .hasToString(
                        "[{\"appId\":\"" + AZURE_CLI + "\",\"delegatedPermissionIds\":[" + scope.get("id") + "]}]");
        assertThat(application.at("/web/redirectUris")).hasToString("[\"" + CALLBACK + "\"]");
        assertThat(application.at("/web/implicitGrantSettings"))
                .hasToString("{\"enableAccessTokenIssuance\":false,\"enableIdTokenIssuance\":true}");
        assertThat(application.get("requiredResourceAccess"))
                .hasToString("[{\"resourceAppId\":\"" + GraphFake.DEFENDER_APP + "\",\"resourceAccess\":[{\"id\":\""
                        + GraphFake.USER_READ_ALL_DELEGATED + "\",\"type\":\"Scope\"}]}]");
        assertThat(graph.registration().credentials())
                .extracting(DelegateScriptIT::trust)
                .containsExactly("defender-alert-user " + ISSUER + " " + IDENTITY + " [\"" + AUDIENCE + "\"]");
        assertThat(consents())
                .containsExactlyInAnyOrder(
                        "AllPrincipals " + GraphFake.DEFENDER + " User.Read.All",
                        "AllPrincipals " + GraphFake.GRAPH + " openid profile email offline_access");
    }

    @Test
    void secondRunChangesNothing() throws Exception {
        delegateEverything();
        int changes = graph.changes().size();

        Command.Outcome second = delegateEverything();

        assertThat(second.exitCode()).as(second.err()).isZero();
        assertThat(second.out()).isEqualTo("Nothing to do: defender-alert-user has everything.\n");
        assertThat(graph.changes()).hasSize(changes);
    }

    /** A notebook or a script brings its own token. */
    @Test
    void withoutAHostNothingIsDoneForBrowsers() throws Exception {
        Command.Outcome outcome = delegate(APP, IDENTITY);

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        JsonNode application = graph.registration().application();
        assertThat(application.at("/web/redirectUris")).isEmpty();
        assertThat(application.at("/web/implicitGrantSettings/enableIdTokenIssuance"))
                .hasToString("false");
        assertThat(application.at("/api/preAuthorizedApplications")).isEmpty();
        assertThat(consents()).containsExactly("AllPrincipals " + GraphFake.DEFENDER + " User.Read.All");
    }

    @Test
    void keepsWhatTheRegistrationHasOtherwise() throws Exception {
        ObjectNode application = graph.registration().application();
        add(application.at("/identifierUris"), "https://contoso.com/alerts");
        add(application.at("/web/redirectUris"), "https://contoso.com/signed-in");
        ((ArrayNode) application.at("/api/oauth2PermissionScopes"))
                .addObject()
                .put("id", "00000000-0000-0000-0000-0000000000aa")
                .put("value", "Other.Read")
                .put("isEnabled", true);
        ((ArrayNode) application.at("/requiredResourceAccess"))
                .addObject()
                .put("resourceAppId", GraphFake.DEFENDER_APP)
                .putArray("resourceAccess")
                .addObject()
                .put("id", GraphFake.USER_READ_ALL)
                .put("type", "Role");
        graph.registration().addConsent(GraphFake.DEFENDER, "Alert.Read", EVERYBODY);
        graph.registration().addCredential("github", "https://token.actions.githubusercontent.com", "repo:x", AUDIENCE);

        Command.Outcome outcome = delegateEverything();

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(application.get("identifierUris"))
                .hasToString("[\"https://contoso.com/alerts\",\"api://" + APP + "\"]");
        assertThat(application.at("/web/redirectUris"))
                .hasToString("[\"https://contoso.com/signed-in\",\"" + CALLBACK + "\"]");
        assertThat(application.at("/api/oauth2PermissionScopes"))
                .extracting(scope -> scope.get("value").textValue())
                .containsExactly("Other.Read", "user_impersonation");
        assertThat(application.at("/requiredResourceAccess/0/resourceAccess"))
                .extracting(access -> access.get("type").textValue())
                .containsExactly("Role", "Scope");
        assertThat(consents()).contains("AllPrincipals " + GraphFake.DEFENDER + " Alert.Read User.Read.All");
        assertThat(graph.registration().credentials())
                .extracting(credential -> credential.get("name").textValue())
                .containsExactly("github", "defender-alert-user");
    }

    @Test
    void checkNamesAllThatANewRegistrationLacksAndChangesNothing() throws Exception {
        Command.Outcome outcome = delegate("--check", "--host", HOST, "--client", AZURE_CLI, APP, IDENTITY);

        assertThat(outcome.exitCode()).isEqualTo(5);
        assertThat(outcome.err()).isEqualTo("""
                        - the service principal of the registration
                        - the identifier URI api://%1$s
                        - the scope user_impersonation
                        - access tokens of version 2
                        - the redirect URI %2$s
                        - ID tokens at sign-in
                        - the required permission User.Read.All of WindowsDefenderATP
                        - the pre-authorized client %3$s
                        - the identity as federated credential defender-alert-user
                        - the consent to User.Read.All of WindowsDefenderATP
                        - the consent to openid profile email offline_access of Microsoft Graph
                        delegate.sh: defender-alert-user lacks the above. An Entra administrator adds it: \
                        infra/delegate.sh --host %4$s --client %3$s %1$s %5$s
                        """.formatted(APP, CALLBACK, AZURE_CLI, HOST, IDENTITY));
        assertThat(graph.changes()).isEmpty();
    }

    /** A registration that was complete until something happened to it. */
    static Stream<Arguments> losses() {
        return Stream.of(
                loss("the identifier URI", app -> application(app, "").set("identifierUris", array())),
                loss("the scope user_impersonation", app -> {
                    ((ObjectNode) app.application().at("/api/oauth2PermissionScopes/0")).put("isEnabled", false);
                }),
                loss(
                        "access tokens of version 2",
                        app -> application(app, "/api").put("requestedAccessTokenVersion", 1)),
                loss("the redirect URI", app -> application(app, "/web").set("redirectUris", array())),
                loss("ID tokens at sign-in", app -> {
                    application(app, "/web/implicitGrantSettings").put("enableIdTokenIssuance", false);
                }),
                loss("the required permission", app -> application(app, "").set("requiredResourceAccess", array())),
                loss("the pre-authorized client", app -> {
                    application(app, "/api/preAuthorizedApplications/0").set("delegatedPermissionIds", array());
                }),
                loss(
                        "the identity as federated credential",
                        app -> app.credentials().clear()),
                loss("which trusts the subject eeeeeeee-0000-0000-0000-000000000000", app -> {
                    app.credentials().get(0).put("subject", "eeeeeeee-0000-0000-0000-000000000000");
                }),
                loss("of https://login.microsoftonline.com/common/v2.0", app -> {
                    app.credentials().get(0).put("issuer", "https://login.microsoftonline.com/common/v2.0");
                }),
                loss("for api://AzureADTokenExchangeUSGov", app -> {
                    app.credentials().get(0).putArray("audiences").add("api://AzureADTokenExchangeUSGov");
                }),
                loss("the consent to User.Read.All", app -> app.grants().remove(0)),
                loss("the consent to User.Read.All", app -> app.grants().get(0).put("consentType", "Principal")),
                loss("the consent to User.Read.All", app -> app.grants().get(0).put("scope", "User.Read.All.Not")),
                loss(
                        "the consent to offline_access",
                        app -> app.grants().get(1).put("scope", " openid profile email")));
    }

    private static Arguments loss(String named, Consumer<RegistrationFake> happens) {
        return Arguments.of(named, happens);
    }

    private static ObjectNode application(RegistrationFake registration, String pointer) {
        return (ObjectNode) registration.application().at(pointer);
    }

    private static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("losses")
    void checkFindsEachPartThatIsMissingOrWrongAndTheNextRunMendsIt(String named, Consumer<RegistrationFake> happens)
            throws Exception {
        delegateEverything();
        happens.accept(graph.registration());
        int changes = graph.changes().size();

        Command.Outcome check = delegate("--check", "--host", HOST, "--client", AZURE_CLI, APP, IDENTITY);

        assertThat(check.exitCode()).isEqualTo(5);
        assertThat(check.err().lines().filter(line -> line.startsWith("- ")))
                .singleElement()
                .asString()
                .contains(named);
        assertThat(graph.changes()).hasSize(changes);

        Command.Outcome mended = delegateEverything();
        assertThat(mended.exitCode()).as(mended.err()).isZero();
        assertThat(graph.changes()).hasSize(changes + 1);
        assertThat(delegate("--check", "--host", HOST, "--client", AZURE_CLI, APP, IDENTITY)
                        .exitCode())
                .isZero();
    }

    /** An administrator may have named it otherwise. */
    @Test
    void aCredentialOfAnotherNameThatTrustsTheIdentityWillDo() throws Exception {
        graph.registration().addCredential("by-hand", ISSUER, IDENTITY, AUDIENCE);

        Command.Outcome outcome = delegate(APP, IDENTITY);

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(graph.registration().credentials()).hasSize(1);
    }

    @Test
    void checkIsContentWhenCredentialAndConsentAreOnLaterPages() throws Exception {
        delegate(APP, IDENTITY);
        graph.registration().credentials().add(0, other("credential"));
        graph.registration().grants().add(0, other("grant"));

        Command.Outcome outcome = delegate("--check", APP, IDENTITY);

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    }

    private static ObjectNode other(String id) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", id)
                .put("name", "other")
                .put("issuer", ISSUER)
                .put("subject", "eeeeeeee-0000-0000-0000-000000000000")
                .put("consentType", "AllPrincipals")
                .put("resourceId", "eeeeeeee-0000-0000-0000-000000000000")
                .put("scope", "User.Read.All")
                .set("audiences", array().add(AUDIENCE));
    }

    /** The token of the administrator goes wherever the next request goes. */
    @Test
    void followsNoLinkToAnotherEndpoint() throws Exception {
        delegate(APP, IDENTITY);
        graph.registration().credentials().add(0, other("credential"));
        try (GraphFake foreign = new GraphFake()) {
            graph.nextPagesAt(foreign.endpoint());

            Command.Outcome outcome = delegate("--check", APP, IDENTITY);

            assertThat(outcome.exitCode()).isEqualTo(1);
            assertThat(outcome.err())
                    .contains("the next page must be at " + graph.endpoint() + "/ but was at " + foreign.endpoint());
            assertThat(foreign.requests()).isEmpty();
        }
    }

    @Test
    void dryRunPrintsTheCallsAndMakesNone() throws Exception {
        Command.Outcome outcome = delegate("--dry-run", APP, IDENTITY);

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.out().lines().filter(line -> !line.startsWith("{")))
                .map(line -> line.replace(graph.endpoint() + "/v1.0", ""))
                .containsExactly(
                        "POST /servicePrincipals",
                        "PATCH /applications(appId='" + APP + "')",
                        "PATCH /applications(appId='" + APP + "')",
                        "PATCH /applications(appId='" + APP + "')",
                        "PATCH /applications(appId='" + APP + "')",
                        "POST /applications(appId='" + APP + "')/federatedIdentityCredentials",
                        "POST /oauth2PermissionGrants");
        assertThat(outcome.out())
                .contains("{\"clientId\":\"ID_OF_THE_NEW_SERVICE_PRINCIPAL\",\"consentType\":\"AllPrincipals\","
                        + "\"resourceId\":\"" + GraphFake.DEFENDER + "\",\"scope\":\"User.Read.All\"}");
        assertThat(graph.changes()).isEmpty();
    }

    @Test
    void azureGovernmentHasItsOwnIssuerAndAudience() throws Exception {
        Command.Outcome outcome = script.run(graph, "https://login.microsoftonline.us", new String[] {APP, IDENTITY});

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(graph.registration().credentials())
                .extracting(DelegateScriptIT::trust)
                .containsExactly("defender-alert-user https://login.microsoftonline.us/" + GraphScript.TENANT + "/v2.0 "
                        + IDENTITY + " [\"api://AzureADTokenExchangeUSGov\"]");
    }

    @Test
    void takesIdsAndHostAsTheyMayBeWritten() throws Exception {
        delegateEverything();

        Command.Outcome outcome = delegate(
                "--check",
                "--host",
                "https://App.azurewebsites.net/",
                APP.toUpperCase(Locale.ROOT),
                IDENTITY.toUpperCase(Locale.ROOT));

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    }

    @Test
    void aConsentThatSomebodyElseGaveMeanwhileIsASuccess() throws Exception {
        graph.grantedBySomebodyElseMeanwhile();

        Command.Outcome outcome = delegate(APP, IDENTITY);

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.out())
                .contains("somebody else was faster: the consent to User.Read.All of WindowsDefenderATP");
    }

    @Test
    void tellsWhichRightIsMissing() throws Exception {
        graph.callerMayNotGrant();

        Command.Outcome outcome = delegate(APP, IDENTITY);

        assertThat(outcome.exitCode()).isEqualTo(6);
        assertThat(outcome.err())
                .isEqualTo(
                        "delegate.sh: you may not change this: the service principal of the registration. "
                                + "It takes Cloud Application Administrator, Application Administrator or Global Administrator.\n");
    }

    @Test
    void tellsAnUnknownRegistration() throws Exception {
        Command.Outcome outcome = delegate("--check", "eeeeeeee-0000-0000-0000-000000000000", IDENTITY);

        assertThat(outcome.exitCode()).isEqualTo(7);
        assertThat(outcome.err())
                .contains("no app registration has the client id")
                .contains("Is it the object id");
    }

    @Test
    void tellsATenantWithoutDefender() throws Exception {
        graph.withoutDefender();

        Command.Outcome outcome = delegate(APP, IDENTITY);

        assertThat(outcome.exitCode()).isEqualTo(3);
        assertThat(outcome.err()).contains("no service principal WindowsDefenderATP");
        assertThat(graph.changes()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "eeeeeeee-0000-0000-0000-000000000000, Is it the client id instead?",
        GraphFake.SYSTEM_ASSIGNED_IDENTITY + ", is no user-assigned identity"
    })
    void tellsWhatCannotBeTheCredential(String principal, String told) throws Exception {
        Command.Outcome outcome = delegate(APP, principal);

        assertThat(outcome.exitCode()).isEqualTo(4);
        assertThat(outcome.err()).contains(told);
        assertThat(graph.changes()).isEmpty();
    }

    @Test
    void revokesEachConsentToDefenderAndTheCredentialOfTheIdentityAlone() throws Exception {
        delegateEverything();
        graph.registration().addConsent(GraphFake.DEFENDER, "Alert.Read User.Read.All", Optional.of("a user"));
        graph.registration().addConsent(GraphFake.GRAPH, "User.Read.All", Optional.of("a user"));
        graph.registration().addCredential("of-another-app", ISSUER, "eeeeeeee-0000-0000-0000-000000000000", AUDIENCE);

        Command.Outcome outcome = delegate("--revoke", APP, IDENTITY);

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.out())
                .contains("Removed: the consent to User.Read.All of WindowsDefenderATP")
                .contains("Removed: the federated credential defender-alert-user")
                .contains("turn the mode off");
        assertThat(consents())
                .containsExactlyInAnyOrder(
                        "Principal " + GraphFake.DEFENDER + " Alert.Read",
                        "Principal " + GraphFake.GRAPH + " User.Read.All",
                        "AllPrincipals " + GraphFake.GRAPH + " openid profile email offline_access");
        assertThat(graph.registration().credentials())
                .extracting(credential -> credential.get("name").textValue())
                .containsExactly("of-another-app");
        assertThat(graph.registration().application().at("/web/redirectUris")).hasSize(1);
    }

    @Test
    void secondRevocationChangesNothing() throws Exception {
        delegateEverything();
        delegate("--revoke", APP, IDENTITY);
        int changes = graph.changes().size();

        Command.Outcome second = delegate("--revoke", APP, IDENTITY);

        assertThat(second.exitCode()).as(second.err()).isZero();
        assertThat(second.out())
                .isEqualTo("Nothing to do: defender-alert-user has neither the consent nor the credential.\n");
        assertThat(graph.changes()).hasSize(changes);
    }

    @Test
    void revokesWhatAnIdentityLeftThatIsGone() throws Exception {
        graph.registration()
                .addCredential("defender-alert-user", ISSUER, "eeeeeeee-0000-0000-0000-000000000000", AUDIENCE);

        Command.Outcome outcome = delegate("--revoke", APP, "eeeeeeee-0000-0000-0000-000000000000");

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(graph.registration().credentials()).isEmpty();
    }

    @Test
    void aRevocationThatHappenedAlreadyIsASuccess() throws Exception {
        delegateEverything();
        graph.revokedBySomebodyElseMeanwhile();

        Command.Outcome outcome = delegate("--revoke", APP, IDENTITY);

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.out()).contains("somebody else was faster");
    }

    @Test
    void tellsWhichRightIsMissingToRevoke() throws Exception {
        delegateEverything();
        graph.callerMayNotGrant();

        Command.Outcome outcome = delegate("--revoke", APP, IDENTITY);

        assertThat(outcome.exitCode()).isEqualTo(6);
        assertThat(outcome.err()).contains("It takes Cloud Application Administrator");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --check --revoke APP IDENTITY    | one of --check and --revoke expected but found both
                    APP                              | APP_ID and PRINCIPAL_ID expected but found 1 ids
                    name IDENTITY                    | APP_ID must be a GUID but was 'name'
                    APP id-alert-user                | PRINCIPAL_ID must be a GUID but was 'id-alert-user'
                    --client azure-cli APP IDENTITY  | CLIENT_ID must be a GUID but was 'azure-cli'
                    --host a/b APP IDENTITY          | HOST must be a host name but was 'a/b'
                    APP IDENTITY --host              | a value expected after --host but found none
                    --verbose APP IDENTITY           | unknown option --verbose
                    """)
    void refusesArgumentsThatAreNone(String arguments, String told) throws Exception {
        Command.Outcome outcome = delegate(
                arguments.replace("APP", APP).replace("IDENTITY", IDENTITY).split(" "));

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains(told);
        assertThat(graph.requests()).isEmpty();
    }

    /** Neither sources a file of both: an administrator uploads one script to Cloud Shell. */
    @Test
    void sharesAppIdAndExitCodesWithTheScriptThatGrants() {
        String grant = text(INFRA.resolve("grant.sh"));
        String delegate = text(INFRA.resolve("delegate.sh"));

        assertThat(find("^readonly defender_app=(\\S+)", delegate))
                .isEqualTo(find("^readonly defender_app=(\\S+)", grant));
        assertThat(codes(delegate)).containsAll(List.of("broken=1", "misused=2", "no_defender=3", "no_identity=4"));
        assertThat(codes(grant)).containsAll(List.of("broken=1", "misused=2", "no_defender=3", "no_identity=4"));
        assertThat(find("^(?:\\.|source) (\\S+)", delegate + grant)).isEmpty();
    }

    private static Set<String> codes(String script) {
        return find("\\b(\\w+=\\d)\\b", String.join("\n", find("^readonly (ok=0 .*)$", script)));
    }

    private Command.Outcome delegateEverything() throws Exception {
        return delegate("--host", HOST, "--client", AZURE_CLI, APP, IDENTITY);
    }

    private Command.Outcome delegate(String... arguments) throws Exception {
        return script.run(graph, arguments);
    }

    private List<String> consents() {
        return graph.registration().grants().stream()
                .map(grant -> Stream.of("consentType", "resourceId", "scope")
                        .map(member -> grant.get(member).textValue())
                        .reduce((a, b) -> a + " " + b)
                        .orElseThrow())
                .toList();
    }

    private static String trust(JsonNode credential) {
        return String.join(
                " ",
                Arrays.asList(
                        credential.get("name").textValue(),
                        credential.get("issuer").textValue(),
                        credential.get("subject").textValue(),
                        credential.get("audiences").toString()));
    }

    private static void add(JsonNode array, String value) {
        ((ArrayNode) array).add(value);
    }
}
