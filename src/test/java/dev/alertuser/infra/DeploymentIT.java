package dev.alertuser.infra;

import static dev.alertuser.infra.Repository.VARIANTS;
import static dev.alertuser.infra.Repository.files;
import static dev.alertuser.infra.Repository.find;
import static dev.alertuser.infra.Repository.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What would be deployed, over every variant that the parameters allow. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeploymentIT {
    private static final String IDENTITY = "Microsoft.ManagedIdentity/userAssignedIdentities";
    private static final String ENDPOINT = "Microsoft.Network/privateEndpoints";
    private static final String PLAN = "Microsoft.Web/serverfarms";
    private static final String QUEUE = "Microsoft.Storage/storageAccounts/queueServices/queues";
    private static final String ROLE = "Microsoft.Authorization/roleAssignments";
    private static final String SITE = "Microsoft.Web/sites";
    private static final String STORAGE = "Microsoft.Storage/storageAccounts";
    private static final String TABLE = "Microsoft.Storage/storageAccounts/tableServices/tables";

    /** Settings that the platform, the Functions host and the telemetry agent read. */
    private static final List<String> HOST_SETTINGS = List.of(
            "AzureWebJobsStorage__blobServiceUri",
            "AzureWebJobsStorage__queueServiceUri",
            "AzureWebJobsStorage__tableServiceUri",
            "AzureWebJobsStorage__credential",
            "AzureWebJobsStorage__clientId",
            "APPLICATIONINSIGHTS_CONNECTION_STRING",
            "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
            "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT");

    /** With them the host leaves the app's lines to the agent. */
    private static final List<String> AGENT_SETTINGS =
            List.of("APPLICATIONINSIGHTS_ENABLE_AGENT", "APPLICATIONINSIGHTS_SAMPLING_PERCENTAGE");

    private static final List<String> OWN_SETTINGS = List.of("AZURE_CLIENT_ID", "DEFENDER_CLOUD", "GRAPH_CLIENT_STATE");

    /** For those who ask with their own rights; the last one is for the platform's sign-in. */
    private static final List<String> SETTINGS_OF_ANALYSTS =
            List.of("DELEGATED_CLIENT_ID", "DELEGATED_TENANT_ID", "OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID");

    /** They need no key but a sign-in. */
    private static final List<String> FUNCTIONS_OF_ANALYSTS = List.of("MyAlertUser", "MyAlertUsers", "MyLookup");

    /** What the platform of Flex Consumption knows without being told. */
    private static final List<String> DEDICATED_SETTINGS =
            List.of("FUNCTIONS_EXTENSION_VERSION", "FUNCTIONS_WORKER_RUNTIME", "WEBSITE_RUN_FROM_PACKAGE");

    /** No plan needs them here: they stand for a key, a file share, or a build in Azure. */
    private static final List<String> NEEDLESS_SETTINGS = List.of(
            "AzureWebJobsStorage",
            "ENABLE_ORYX_BUILD",
            "SCM_DO_BUILD_DURING_DEPLOYMENT",
            "TZ",
            "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING",
            "WEBSITE_CONTENTOVERVNET",
            "WEBSITE_CONTENTSHARE",
            "WEBSITE_MAX_DYNAMIC_APPLICATION_SCALE_OUT",
            "WEBSITE_SKIP_CONTENTSHARE_VALIDATION",
            "WEBSITE_TIME_ZONE");

    /** https://learn.microsoft.com/azure/azure-functions/functions-app-settings#flex-consumption-plan-deprecations */
    private static final List<String> REFUSED_SETTINGS_OF_FLEX = List.of(
            "FUNCTIONS_EXTENSION_VERSION",
            "FUNCTIONS_MAX_HTTP_CONCURRENCY",
            "FUNCTIONS_WORKER_DYNAMIC_CONCURRENCY_ENABLED",
            "FUNCTIONS_WORKER_PROCESS_COUNT",
            "FUNCTIONS_WORKER_RUNTIME",
            "FUNCTIONS_WORKER_RUNTIME_VERSION",
            "WEBSITE_DNS_SERVER",
            "WEBSITE_RUN_FROM_PACKAGE",
            "WEBSITE_VNET_ROUTE_ALL");

    /**
     * The same page, and what newer stamps answer with error 51021: "site configuration property … for Flex Consumption sites is invalid".
     * Older stamps ignore them, so that only some regions tell.
     */
    private static final List<String> REFUSED_MEMBERS_OF_FLEX = List.of(
            "alwaysOn",
            "containerSize",
            "ftpsState",
            "functionAppScaleLimit",
            "functionsRuntimeScaleMonitoringEnabled",
            "isReserved",
            "isXenon",
            "javaContainer",
            "javaContainerVersion",
            "javaVersion",
            "linuxFxVersion",
            "minimumElasticInstanceCount",
            "netFrameworkVersion",
            "nodeVersion",
            "numberOfWorkers",
            "phpVersion",
            "powerShellVersion",
            "preWarmedInstanceCount",
            "pythonVersion",
            "use32BitWorkerProcess",
            "vnetRouteAllEnabled",
            "windowsFxVersion");

    /** A parameters file by its name, what it gives, and what it deploys. */
    private record Variant(String name, String parameters, Deployment deployment) {
        static Variant predict(BicepCli bicep, Path file) throws IOException, InterruptedException {
            return new Variant(
                    file.getFileName().toString().replace(".bicepparam", ""),
                    text(file),
                    Deployment.predict(bicep, file));
        }

        /** A parameter that the file gives; without quotation marks. */
        Optional<String> given(String parameter) {
            return find("^param " + parameter + " = '?([^'\n]*)'?$", parameters).stream()
                    .findFirst();
        }

        String cloud() {
            return given("defenderCloud").orElse("public");
        }

        /** Azure Government has no Flex Consumption, so its clouds get the other plan where none is given. */
        boolean isFlex() {
            return given("plan")
                    .map("flex-consumption"::equals)
                    .orElseGet(() -> !List.of("gcc-high", "dod").contains(cloud()));
        }

        boolean asksAsUser() {
            return given("askAsUser").isPresent();
        }

        boolean isPrivate() {
            return given("privateNetwork").isPresent();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private final List<Variant> variants = new ArrayList<>();

    @BeforeAll
    void predictEveryVariant() throws Exception {
        BicepCli bicep = BicepCli.find();
        for (Path file : files(VARIANTS, ".bicepparam")) {
            variants.add(Variant.predict(bicep, file));
        }
    }

    List<Variant> everyVariant() {
        return variants;
    }

    @ParameterizedTest
    @ValueSource(strings = {"public-network", "private-network", "cloud-gcc-high"})
    void keptSnapshotIsWhatWouldBeDeployedNow(String variant) {
        assertThat(deployment(variant).snapshot())
                .as(
                        "If the change is meant, take target/infra/%s.snapshot.json over to %s and review the difference",
                        variant, VARIANTS)
                .isEqualTo(text(VARIANTS.resolve(variant + ".snapshot.json")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("everyVariant")
    void hasNoDiagnostics(Variant variant) {
        assertThat(variant.deployment().root().get("diagnostics")).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("everyVariant")
    void assignsTheRolesThatAreUsedWhereTheyAreUsed(Variant variant) {
        assertThat(variant.deployment().resources(ROLE).stream()
                        .map(assignment -> BuiltInRoles.name(assignment
                                        .at("/properties/roleDefinitionId")
                                        .textValue())
                                + " on " + scopeOf(assignment)))
                .containsExactlyInAnyOrder(
                        "Storage Blob Data Owner on storageAccounts",
                        "Storage Queue Data Contributor on queues/alert-user-requests",
                        "Storage Queue Data Contributor on queues/alert-user-results",
                        "Storage Queue Data Contributor on queues/alert-user-requests-poison",
                        "Storage Table Data Contributor on tables/AlertUserBudget",
                        "Storage Table Data Contributor on tables/AlertUserLookups",
                        "Monitoring Metrics Publisher on components");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("everyVariant")
    void assignsRolesToTheAppsIdentityAsAServicePrincipal(Variant variant) {
        String identity = identityOf(variant.deployment());

        assertThat(variant.deployment().resources(ROLE)).allSatisfy(assignment -> {
            assertThat(assignment.at("/properties/principalType").textValue()).isEqualTo("ServicePrincipal");
            assertThat(assignment.at("/properties/principalId").textValue()).containsIgnoringCase(identity);
            assertThat(assignment.get("name").textValue()).matches("[0-9a-f-]{36}");
        });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("everyVariant")
    void givesTheAppTheSettingsThatItsPlanNeedsAndNoneThatItRefuses(Variant variant) {
        List<String> expected = new ArrayList<>(HOST_SETTINGS);
        expected.addAll(OWN_SETTINGS);
        if (!variant.isFlex()) {
            expected.addAll(DEDICATED_SETTINGS);
        }
        if (variant.asksAsUser()) {
            expected.addAll(SETTINGS_OF_ANALYSTS);
        }
        List<String> names = keys(variant.deployment().settings()).stream()
                .filter(name -> !name.endsWith(".Disabled"))
                .toList();

        assertThat(names)
                .containsAll(expected)
                .doesNotContainAnyElementsOf(NEEDLESS_SETTINGS)
                .doesNotContainAnyElementsOf(variant.isFlex() ? REFUSED_SETTINGS_OF_FLEX : List.of("?"));
        if (!List.of("app-settings", "agent").contains(variant.name())) {
            assertThat(names).hasSameSizeAs(expected);
        }
    }

    /** Workbook and alert rules add the lines up, so each line must come, and come once. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("everyVariant")
    void theHostSendsTheLinesUnlessTheAgentIsAskedFor(Variant variant) {
        List<String> names = keys(variant.deployment().settings());

        if (variant.name().equals("agent")) {
            assertThat(names).containsAll(AGENT_SETTINGS);
        } else {
            assertThat(names).doesNotContainAnyElementsOf(AGENT_SETTINGS);
        }
    }

    @Test
    void passesEveryGivenSettingOn() {
        List<String> given = keys(deployment("app-settings").settings()).stream()
                .filter(name -> !HOST_SETTINGS.contains(name) && !OWN_SETTINGS.contains(name))
                .filter(name -> !name.endsWith(".Disabled"))
                .toList();

        assertThat(given).containsExactlyInAnyOrderElementsOf(AppSettingsTest.optionalSettings());
        assertThat(deployment("app-settings").settings().get("RATE_LIMITS").textValue())
                .isEqualTo("50/PT1M,750/PT1H");
    }

    /** The app takes an empty one for none. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("everyVariant")
    void passesTheSecretOnWithoutTellingIt(Variant variant) {
        assertThat(variant.deployment().settings().get("GRAPH_CLIENT_STATE").textValue())
                .isEqualTo("[parameters('graphClientState')]");
        assertThat(variant.deployment().snapshot()).doesNotContain("a word of your own");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("everyVariant")
    void asksTheDefenderCloudOfTheVariant(Variant variant) {
        assertThat(variant.deployment().settings().get("DEFENDER_CLOUD").textValue())
                .isEqualTo(variant.cloud());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("everyVariant")
    void makesTheQueuesAndTables(Variant variant) {
        assertThat(variant.deployment().names(QUEUE)).containsExactlyInAnyOrderElementsOf(NamesTest.QUEUES);
        assertThat(variant.deployment().names(TABLE)).containsExactlyInAnyOrderElementsOf(NamesTest.TABLES);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("everyVariant")
    void storageHasNoKeysAndNoPublicBlobs(Variant variant) {
        JsonNode storage = variant.deployment().only(STORAGE);

        assertThat(storage.get("allowSharedKeyAccess").booleanValue()).isFalse();
        assertThat(storage.get("allowBlobPublicAccess").booleanValue()).isFalse();
        assertThat(storage.get("allowCrossTenantReplication").booleanValue()).isFalse();
        assertThat(storage.get("supportsHttpsTrafficOnly").booleanValue()).isTrue();
        assertThat(storage.get("minimumTlsVersion").textValue()).isEqualTo("TLS1_2");
        assertThat(variant.deployment()
                        .only("Microsoft.Storage/storageAccounts/blobServices/containers")
                        .get("publicAccess")
                        .textValue())
                .isEqualTo("None");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("everyVariant")
    void holdsNoKeyNoWildcardAndNoAddressOfOneCloud(Variant variant) {
        // The one path with a star is that of lookups, whose id is the right to read them.
        String snapshot = variant.deployment().snapshot().replace("\"/api/lookups/*\"", "");

        assertThat(find(
                        "(?i)(listkeys|accountkey|sharedaccess|core\\.windows\\.net|core\\.usgovcloudapi\\.net|\"\\*\"|/\\*|\"0\\.0\\.0\\.0)",
                        snapshot))
                .isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("everyVariant")
    void telemetryTakesNoKeys(Variant variant) {
        assertThat(variant.deployment()
                        .only("Microsoft.Insights/components")
                        .get("DisableLocalAuth")
                        .booleanValue())
                .isTrue();
        assertThat(variant.deployment()
                        .only("Microsoft.OperationalInsights/workspaces")
                        .at("/features/disableLocalAuth")
                        .booleanValue())
                .isTrue();
    }

    /** Routes without a key write a row for each request, whoever calls. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("everyVariant")
    void workspaceHasADailyCapAndARuleThatTells(Variant variant) {
        assertThat(variant.deployment()
                        .only("Microsoft.OperationalInsights/workspaces")
                        .at("/workspaceCapping/dailyQuotaGb")
                        .intValue())
                .isEqualTo(1);
        assertThat(variant.deployment().resources("Microsoft.Insights/scheduledQueryRules").stream()
                        .filter(rule -> rule.toString().contains("OverQuota"))
                        .map(rule -> rule.at("/properties/autoMitigate").toString()))
                .as("the event comes once, so the alert must not resolve by itself")
                .containsExactly("false");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("everyVariant")
    void appTakesHttpsOnlyAndNoPublishingPassword(Variant variant) {
        assertThat(variant.deployment().only(SITE).get("httpsOnly").booleanValue())
                .isTrue();
        assertThat(variant.deployment().resources("Microsoft.Web/sites/basicPublishingCredentialsPolicies"))
                .hasSize(2)
                .allMatch(policy -> policy.at("/properties/allow").toString().equals("false"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("everyVariant")
    void planIsFlexConsumptionOrDedicated(Variant variant) {
        JsonNode plan = variant.deployment().resources(PLAN).get(0);
        String java = variant.given("javaVersion").orElse("17");
        JsonNode site = variant.deployment().only(SITE);

        assertThat(plan.at("/properties/reserved").booleanValue()).as("Linux").isTrue();
        if (variant.isFlex()) {
            assertThat(plan.get("sku")).hasToString("{\"name\":\"FC1\",\"tier\":\"FlexConsumption\"}");
            assertThat(site.at("/functionAppConfig/runtime"))
                    .hasToString("{\"name\":\"java\",\"version\":\"" + java + "\"}");
            assertThat(site.at("/functionAppConfig/deployment/storage/authentication/type")
                            .textValue())
                    .isEqualTo("UserAssignedIdentity");
        } else {
            assertThat(plan.get("sku"))
                    .hasToString("{\"name\":\"" + variant.given("dedicatedSku").orElse("B2") + "\",\"capacity\":1}");
            assertThat(site.path("functionAppConfig").asText("null")).isEqualTo("null");
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("everyVariant")
    void siteHasTheMembersThatItsPlanNeedsAndNoneThatItRefuses(Variant variant) {
        JsonNode config = variant.deployment().only(SITE).get("siteConfig");

        assertThat(config.get("minTlsVersion").textValue()).isEqualTo("1.2");
        assertThat(config.get("scmMinTlsVersion").textValue()).isEqualTo("1.2");
        if (variant.isFlex()) {
            assertThat(keys(config))
                    .usingElementComparator(String.CASE_INSENSITIVE_ORDER)
                    .doesNotContainAnyElementsOf(REFUSED_MEMBERS_OF_FLEX);
        } else {
            assertThat(config.get("alwaysOn").booleanValue())
                    .as("who polls the queue")
                    .isTrue();
            assertThat(config.get("ftpsState").textValue()).isEqualTo("Disabled");
            assertThat(config.get("linuxFxVersion").textValue())
                    .isEqualTo("Java|" + variant.given("javaVersion").orElse("17"));
            assertThat(variant.deployment()
                            .settings()
                            .get("WEBSITE_RUN_FROM_PACKAGE")
                            .textValue())
                    .isEqualTo("1");
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("flexVariants")
    void flexConsumptionHasFewInstances(Variant variant) {
        JsonNode scale = variant.deployment().only(SITE).at("/functionAppConfig/scaleAndConcurrency");
        boolean warm = variant.name().equals("private-network");

        assertThat(scale.get("instanceMemoryMB").intValue()).isEqualTo(2048);
        assertThat(scale.get("maximumInstanceCount").intValue()).isEqualTo(warm ? 40 : 10);
        assertThat(scale.at("/triggers/http/perInstanceConcurrency").intValue())
                .as("16, the default, lets waiting callers start instances")
                .isEqualTo(100);
        assertThat(scale.get("alwaysReady"))
                .hasToString(
                        warm
                                ? "[{\"name\":\"http\",\"instanceCount\":1},"
                                        + "{\"name\":\"function:AlertUserRequests\",\"instanceCount\":1}]"
                                : "[]");
    }

    List<Variant> flexVariants() {
        return variants.stream().filter(Variant::isFlex).toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("everyVariant")
    void disablesTheFunctionsThatAreGivenAndThoseOfAnalystsUnlessTheyMayAsk(Variant variant) {
        List<String> disabled = new ArrayList<>();
        if (variant.name().equals("restricted")) {
            disabled.addAll(List.of("AlertUserRequests", "AlertUsers"));
        }
        if (!variant.asksAsUser()) {
            disabled.addAll(FUNCTIONS_OF_ANALYSTS);
        }

        assertThat(keys(variant.deployment().settings()))
                .filteredOn(name -> name.endsWith(".Disabled"))
                .containsExactlyInAnyOrderElementsOf(disabled.stream()
                        .map(name -> "AzureWebJobs." + name + ".Disabled")
                        .toList());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("everyVariant")
    void letsOnlyTheGivenCallersAndTheAvailabilityTestIn(Variant variant) {
        JsonNode config = variant.deployment().only(SITE).get("siteConfig");
        boolean restricted = variant.name().equals("restricted");

        assertThat(config.get("ipSecurityRestrictionsDefaultAction").textValue())
                .isEqualTo(restricted ? "Deny" : "Allow");
        assertThat(config.get("ipSecurityRestrictions"))
                .extracting(rule -> rule.get("action").textValue() + " "
                        + rule.get("tag").textValue() + " "
                        + rule.get("ipAddress").textValue())
                .containsExactlyElementsOf(
                        restricted
                                ? List.of(
                                        "Allow Default 203.0.113.0/24",
                                        "Allow ServiceTag LogicApps",
                                        "Allow ServiceTag ApplicationInsightsAvailability")
                                : List.of());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("everyVariant")
    void privateNetworkClosesTheStorageAccount(Variant variant) {
        Deployment deployment = variant.deployment();
        boolean isPrivate = variant.isPrivate();
        JsonNode storage = deployment.only(STORAGE);

        assertThat(storage.get("publicNetworkAccess").textValue()).isEqualTo(isPrivate ? "Disabled" : "Enabled");
        assertThat(storage.at("/networkAcls/defaultAction").textValue()).isEqualTo(isPrivate ? "Deny" : "Allow");
        assertThat(storage.at("/networkAcls/bypass").textValue()).isEqualTo("None");
        assertThat(deployment.only(SITE).path("virtualNetworkSubnetId").asText(""))
                .matches(isPrivate ? ".*/subnets/app" : "(null)?");
        assertThat(deployment.resources(ENDPOINT).stream()
                        .map(endpoint -> endpoint.at(
                                        "/properties/privateLinkServiceConnections/0/properties/groupIds/0")
                                .textValue()))
                .containsExactlyElementsOf(isPrivate ? List.of("blob", "queue", "table") : List.of());
        assertThat(deployment.resources("Microsoft.Network/privateDnsZones")).hasSize(isPrivate ? 3 : 0);
        assertThat(deployment.resources("Microsoft.Network/virtualNetworks").stream()
                        .map(network -> network.at(
                                        "/properties/subnets/0/properties/delegations/0/properties/serviceName")
                                .textValue()))
                .containsExactlyElementsOf(
                        !isPrivate
                                ? List.of()
                                : List.of(
                                        variant.isFlex() ? "Microsoft.App/environments" : "Microsoft.Web/serverFarms"));
    }

    @Test
    void networkTakesTheRangeThatIsGivenAndDividesIt() {
        assertThat(ranges(deployment("private-network"))).containsExactly("10.0.0.0/24", "10.0.0.0/26", "10.0.0.64/27");
        assertThat(ranges(deployment("cloud-gcc-high")))
                .containsExactly("172.20.8.0/25", "172.20.8.0/26", "172.20.8.64/27");
    }

    /** Of the network, of the app, of the endpoints. */
    private static List<String> ranges(Deployment deployment) {
        JsonNode network = deployment.only("Microsoft.Network/virtualNetworks");
        return Stream.of(
                        "/addressSpace/addressPrefixes/0",
                        "/subnets/0/properties/addressPrefix",
                        "/subnets/1/properties/addressPrefix")
                .map(pointer -> network.at(pointer).textValue())
                .toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("everyVariant")
    void makesAnIdentityUnlessOneIsGiven(Variant variant) {
        Deployment deployment = variant.deployment();
        boolean isGiven = variant.name().startsWith("identity-given");

        assertThat(deployment.resources(IDENTITY)).hasSize(isGiven ? 0 : 1);
        assertThat(identityOf(deployment)).matches(isGiven ? "(?i).*/id-alert-user" : ".*/rg-test/.*/id-[a-z0-9]{13}");
        assertThat(deployment.settings().get("AZURE_CLIENT_ID").textValue())
                .containsIgnoringCase(identityOf(deployment));
    }

    /** A new name for the same role of the same identity would end the deployment with RoleAssignmentExists. */
    @Test
    void letterCaseOfAGivenIdentityDoesNotRenameItsRoleAssignments() {
        assertThat(deployment("identity-given-in-capitals").names(ROLE))
                .containsExactlyElementsOf(deployment("identity-given").names(ROLE));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("everyVariant")
    void showsTheRuleOfReadinessBesideItsTestAndComponent(Variant variant) {
        JsonNode tags = variant.deployment()
                .resources("Microsoft.Insights/metricAlerts")
                .get(0)
                .get("tags");

        assertThat(keys(tags))
                .filteredOn(tag -> tag.startsWith("hidden-link:"))
                .hasSize(2)
                .anyMatch(tag -> tag.contains("/webtests/"))
                .anyMatch(tag -> tag.contains("/components/"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("everyVariant")
    void entraSignInIsOnWhenAnApplicationIsGiven(Variant variant) {
        List<JsonNode> authentication = variant.deployment().resources("Microsoft.Web/sites/config").stream()
                .filter(config -> config.get("name").textValue().endsWith("/authsettingsV2"))
                .map(config -> config.get("properties"))
                .toList();

        if (variant.given("entraClientId").isEmpty()) {
            assertThat(authentication).isEmpty();
            return;
        }
        assertThat(authentication).singleElement().satisfies(settings -> {
            boolean keysSuffice = variant.name().equals("as-user-beside-keys");
            assertThat(settings.at("/globalValidation/requireAuthentication").booleanValue())
                    .isEqualTo(!keysSuffice);
            assertThat(settings.at("/globalValidation/unauthenticatedClientAction")
                            .textValue())
                    .isEqualTo(keysSuffice ? "AllowAnonymous" : "Return401");
            assertThat(settings.at("/globalValidation/excludedPaths"))
                    .extracting(JsonNode::textValue)
                    .filteredOn(path -> !path.equals("/api/analyst"))
                    .containsExactlyInAnyOrder(
                            "/api/health/live",
                            "/api/health/ready",
                            "/api/openapi.json",
                            "/api/swagger.json",
                            "/api/lookups/*",
                            "/api/webhooks/alerts");
            assertThat(settings.at("/identityProviders/azureActiveDirectory/validation/allowedAudiences/0")
                            .textValue())
                    .isEqualTo("api://22222222-2222-2222-2222-222222222222");
            assertThat(settings.toString().contains("33333333-3333-3333-3333-333333333333"))
                    .isEqualTo(variant.name().equals("entra-sign-in"));
        });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("signInVariants")
    void nobodySignsInOnAPageUnlessAnalystsMayAsk(Variant variant) {
        JsonNode authentication = authentication(variant.deployment());
        JsonNode entra = authentication.at("/identityProviders/azureActiveDirectory");

        assertThat(authentication.at("/login/tokenStore").toString())
                .isEqualTo("{\"enabled\":" + variant.asksAsUser() + "}");
        assertThat(authentication
                        .at("/globalValidation/excludedPaths")
                        .toString()
                        .contains("\"/api/analyst\""))
                .isEqualTo(variant.asksAsUser());
        assertThat(entra.at("/registration/openIdIssuer").textValue().contains("/v2.0"))
                .as("who asks for scopes is given tokens of version 2")
                .isEqualTo(variant.asksAsUser());
        if (!variant.asksAsUser()) {
            assertThat(authentication.toString()).doesNotContainIgnoringCase("secret");
            assertThat(keys(entra)).doesNotContain("login");
            assertThat(entra.at("/validation/allowedAudiences")).hasSize(1);
        }
    }

    List<Variant> signInVariants() {
        return variants.stream()
                .filter(variant -> variant.given("entraClientId").isPresent())
                .toList();
    }

    /** The setting's name is what makes the platform present a token of the identity; its value is no secret. */
    @Test
    void analystsSignInWithoutAClientSecret() {
        Deployment deployment = deployment("as-user");
        JsonNode entra = authentication(deployment).at("/identityProviders/azureActiveDirectory");

        assertThat(entra.at("/registration/clientSecretSettingName").textValue())
                .isEqualTo("OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID");
        assertThat(deployment.settings().get("OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID"))
                .isEqualTo(deployment.settings().get("AZURE_CLIENT_ID"));
        assertThat(deployment.settings().get("DELEGATED_CLIENT_ID"))
                .isEqualTo(entra.at("/registration/clientId"))
                .hasToString("\"22222222-2222-2222-2222-222222222222\"");
        assertThat(deployment.settings().get("DELEGATED_TENANT_ID"))
                .hasToString("\"44444444-4444-4444-4444-444444444444\"");
    }

    @Test
    void analystsGetATokenForTheAppThatTheSignInAcceptsAgain() {
        JsonNode entra = authentication(deployment("as-user")).at("/identityProviders/azureActiveDirectory");

        assertThat(entra.at("/login/loginParameters"))
                .hasToString("[\"scope=openid profile email offline_access "
                        + "api://22222222-2222-2222-2222-222222222222/user_impersonation\"]");
        assertThat(entra.at("/validation/allowedAudiences"))
                .extracting(JsonNode::textValue)
                .containsExactly("api://22222222-2222-2222-2222-222222222222", "22222222-2222-2222-2222-222222222222");
    }

    /** On an excluded path, nobody answers for the headers that name the user. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("signInVariants")
    void noPathOfWhoAsksAsAUserIsExcludedFromTheSignIn(Variant variant) {
        assertThat(authentication(variant.deployment()).at("/globalValidation/excludedPaths"))
                .extracting(JsonNode::textValue)
                .noneMatch(path -> path.startsWith("/api/me") || path.startsWith("/api/alerts") || path.equals("/*"));
    }

    @Test
    void nobodyAsksAsAUserWithoutASignInInFront(@TempDir Path directory) throws Exception {
        Path variant = Files.writeString(
                directory.resolve("as-user-without-sign-in.bicepparam"),
                text(VARIANTS.resolve("as-user.bicepparam")).replaceAll("(?m)^param entraClientId .*\n", ""));

        assertThatThrownBy(() -> Deployment.predict(BicepCli.find(), variant))
                .hasMessageContaining("askAsUser needs entraClientId, the client id of the app registration at which "
                        + "analysts sign in, but it was empty.");
    }

    private static JsonNode authentication(Deployment deployment) {
        return deployment.resources("Microsoft.Web/sites/config").stream()
                .filter(config -> config.get("name").textValue().endsWith("/authsettingsV2"))
                .findFirst()
                .orElseThrow()
                .get("properties");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("everyVariant")
    void alertRulesTellTheActionGroupWhenThereIsOne(Variant variant) {
        Deployment deployment = variant.deployment();
        List<String> told = Stream.concat(
                        deployment.resources("Microsoft.Insights/scheduledQueryRules").stream()
                                .map(rule -> rule.at("/properties/actions/actionGroups")),
                        deployment.resources("Microsoft.Insights/metricAlerts").stream()
                                .map(rule -> rule.at("/properties/actions")))
                .map(JsonNode::toString)
                .toList();

        assertThat(told).hasSize(7);
        if (variant.name().equals("action-group")) {
            assertThat(told).allMatch(actions -> actions.contains("/actionGroups/ag-soc"));
        } else {
            assertThat(told).containsOnly("[]");
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("everyVariant")
    void sendsLogsOfStorageToTheWorkspaceAndNoCopyOfTheAppsOwn(Variant variant) {
        List<JsonNode> settings = variant.deployment().resources("Microsoft.Insights/diagnosticSettings");

        assertThat(settings.stream().map(DeploymentIT::scopeOf))
                .containsExactlyInAnyOrder("blobServices", "queueServices", "tableServices");
        assertThat(settings)
                .allMatch(setting -> setting.at("/properties/metrics").isMissingNode());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("everyVariant")
    void tagsEverythingThatCanBeTagged(Variant variant) {
        assertThat(variant.deployment().resources().stream().filter(resource -> resource.has("location")))
                .allMatch(resource ->
                        Objects.equals(resource.at("/tags/azd-env-name").textValue(), "test"));
        assertThat(variant.deployment()
                        .resources(SITE)
                        .get(0)
                        .at("/tags/azd-service-name")
                        .textValue())
                .isEqualTo("api");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("everyVariant")
    void tellsNoSecretInItsOutputs(Variant variant) {
        assertThat(keys(variant.deployment().root().get("outputs")))
                .containsExactlyInAnyOrder(
                        "AZURE_LOCATION",
                        "AZURE_TENANT_ID",
                        "AZURE_RESOURCE_GROUP",
                        "SERVICE_API_NAME",
                        "SERVICE_API_URI",
                        "IDENTITY_PRINCIPAL_ID",
                        "NETWORK_RESOURCE_ID",
                        "STORAGE_ACCOUNT_NAME");
    }

    private Deployment deployment(String variant) {
        return variants.stream()
                .filter(candidate -> candidate.name().equals(variant))
                .findFirst()
                .orElseThrow()
                .deployment();
    }

    private static String identityOf(Deployment deployment) {
        return deployment
                .resources(SITE)
                .get(0)
                .at("/identity/userAssignedIdentities")
                .fieldNames()
                .next();
    }

    /** What an extension resource is attached to: the type, and for a child named by us the name. */
    private static String scopeOf(JsonNode resource) {
        String[] scope = resource.get("id")
                .textValue()
                .replaceAll("/providers/[^/]+/[^/]+/[^/]+$", "")
                .split("/", -1);
        String type = scope[scope.length - 2];
        return type.equals("queues") || type.equals("tables") ? type + "/" + scope[scope.length - 1] : type;
    }

    private static List<String> keys(JsonNode object) {
        return StreamSupport.stream(((Iterable<String>) object::fieldNames).spliterator(), false)
                .toList();
    }
}
