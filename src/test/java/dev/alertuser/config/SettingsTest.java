package dev.alertuser.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.alertuser.config.Settings.Storage.ByConnectionString;
import dev.alertuser.config.Settings.Storage.ByIdentity;
import dev.alertuser.ratelimit.counter.Quota;
import dev.alertuser.ratelimit.counter.QuotaPolicy;
import dev.alertuser.service.AnswerTtl;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
    private static final Map<String, String> LEAST = Map.of("AzureWebJobsStorage", "UseDevelopmentStorage=true");

    @Test
    void needOnlyTheStorageAccount() {
        assertThat(Settings.from(LEAST))
                .isEqualTo(new Settings(
                        new ByConnectionString("UseDevelopmentStorage=true"),
                        null,
                        false,
                        URI.create("https://api.securitycenter.microsoft.com"),
                        "https://api.securitycenter.microsoft.com/.default",
                        new QuotaPolicy(
                                List.of(
                                        new Quota(100, Duration.ofMinutes(1), 40),
                                        new Quota(1500, Duration.ofHours(1), 70)),
                                Duration.ofSeconds(2)),
                        "public|system-assigned|alert-user",
                        "public|https://api.securitycenter.microsoft.com"
                                + "|https://api.securitycenter.microsoft.com/.default|system-assigned",
                        new AnswerTtl(Duration.ofMinutes(15), Duration.ofMinutes(2)),
                        new Waits(Duration.ofSeconds(90), Duration.ofSeconds(20)),
                        Duration.ofHours(24),
                        null,
                        null,
                        null));
    }

    @ParameterizedTest
    @CsvSource({
        "DEFENDER_CLOUD, gcc",
        "DEFENDER_API_URL, https://eu.api.security.microsoft.com",
        "DEFENDER_API_SCOPE, api://fake/.default",
        "AZURE_CLIENT_ID, 11111111-2222-3333-4444-555555555555",
    })
    void appsWithAnotherApiOrIdentityShareNoAnswers(String name, String value) {
        assertThat(Settings.from(Map.of("AzureWebJobsStorage", "x", name, value))
                        .lookupsKey())
                .isNotEqualTo(Settings.from(LEAST).lookupsKey());
    }

    /** They have the same hosts. */
    @Test
    void gccHighAndDodShareNoAnswers() {
        assertThat(Settings.from(Map.of("AzureWebJobsStorage", "x", "DEFENDER_CLOUD", "gcc-high"))
                        .lookupsKey())
                .isNotEqualTo(Settings.from(Map.of("AzureWebJobsStorage", "x", "DEFENDER_CLOUD", "dod"))
                        .lookupsKey());
    }

    @ParameterizedTest
    @CsvSource({
        "app1.azurewebsites.net, https://app1.azurewebsites.net",
        "localhost:7071, http://localhost:7071",
    })
    void useThePlatformsHostAsThePublicUrl(String host, URI url) {
        assertThat(Settings.from(Map.of("AzureWebJobsStorage", "x", "WEBSITE_HOSTNAME", host))
                        .publicUrl())
                .isEqualTo(url);
    }

    @ParameterizedTest
    @CsvSource({
        "https://api.contoso.com,                https://api.contoso.com",
        "https://api.contoso.com/,               https://api.contoso.com",
        "https://api.contoso.com:8443/defender,  https://api.contoso.com:8443/defender",
        "https://api.contoso.com/soc/defender//, https://api.contoso.com/soc/defender",
        "http://localhost:8080/defender,         http://localhost:8080/defender",
    })
    void preferThePublicUrlToThePlatformsHost(String setting, URI url) {
        Map<String, String> environment =
                Map.of("PUBLIC_URL", setting, "WEBSITE_HOSTNAME", "app1.azurewebsites.net", "AzureWebJobsStorage", "x");

        assertThat(Settings.publicUrl(environment)).contains(url);
        assertThat(Settings.from(environment).publicUrl()).isEqualTo(url);
    }

    @Test
    void useThePlatformsHostIfThePublicUrlIsEmpty() {
        assertThat(Settings.publicUrl(Map.of("PUBLIC_URL", " ", "WEBSITE_HOSTNAME", "app1.azurewebsites.net")))
                .contains(URI.create("https://app1.azurewebsites.net"));
    }

    @Test
    void withholdTheClientState() {
        Settings settings = Settings.from(Map.of("AzureWebJobsStorage", "x", "GRAPH_CLIENT_STATE", "s3cret"));

        assertThat(settings.graphClientState().isGivenAs("s3cret")).isTrue();
        assertThat(settings.graphClientState().isGivenAs("s3cre")).isFalse();
        assertThat(settings.graphClientState().isGivenAs("")).isFalse();
        assertThat(settings.toString()).doesNotContain("s3cret");
    }

    @ParameterizedTest
    @CsvSource({"'100/PT1M,1500/PT1H', 100", "'10/PT2S', 300", "'3/PT1H', 1"})
    void countTheCallsOfAMinute(String limits, long calls) {
        assertThat(Settings.from(Map.of("AzureWebJobsStorage", "x", "RATE_LIMITS", limits))
                        .callsPerMinute())
                .isEqualTo(calls);
    }

    @Test
    void takeStorageByIdentity() {
        Settings settings = Settings.from(Map.of(
                "AzureWebJobsStorage__tableServiceUri", "https://st1.table.core.windows.net",
                "AzureWebJobsStorage__queueServiceUri", "https://st1.queue.core.windows.net/",
                "AzureWebJobsStorage__clientId", "11111111-1111-1111-1111-111111111111",
                "AZURE_CLIENT_ID", "22222222-2222-2222-2222-222222222222"));

        assertThat(settings.storage())
                .isEqualTo(new ByIdentity(
                        URI.create("https://st1.table.core.windows.net"),
                        URI.create("https://st1.queue.core.windows.net/"),
                        "11111111-1111-1111-1111-111111111111"));
        assertThat(settings.clientId()).isEqualTo("22222222-2222-2222-2222-222222222222");
        assertThat(settings.policyKey()).isEqualTo("public|22222222-2222-2222-2222-222222222222|alert-user");
    }

    @ParameterizedTest
    @CsvSource({
        "public,   core.windows.net",
        "gcc,      core.windows.net",
        "gcc-high, core.usgovcloudapi.net",
        "dod,      core.usgovcloudapi.net",
        "mars,     core.windows.net",
        "'',       core.windows.net"
    })
    void deriveTheUrlsFromTheAccountsNameWhateverElseIsWrong(String cloud, String suffix) {
        assertThat(Settings.storage(Map.of("AzureWebJobsStorage__accountName", "stcontoso1", "DEFENDER_CLOUD", cloud)))
                .isEqualTo(new ByIdentity(
                        URI.create("https://stcontoso1.table." + suffix),
                        URI.create("https://stcontoso1.queue." + suffix),
                        null));
    }

    @Test
    void preferAUrlToTheAccountsName() {
        assertThat(Settings.storage(Map.of(
                        "AzureWebJobsStorage__accountName", "stcontoso1",
                        "AzureWebJobsStorage__tableServiceUri", "https://tables.contoso.com")))
                .isEqualTo(new ByIdentity(
                        URI.create("https://tables.contoso.com"),
                        URI.create("https://stcontoso1.queue.core.windows.net"),
                        null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"st", "StContoso", "st-contoso", "stcontoso.evil.example/", "a234567890123456789012345"})
    void rejectAnInvalidAccountName(String name) {
        assertThatThrownBy(() -> Settings.storage(Map.of("AzureWebJobsStorage__accountName", name)))
                .isInstanceOf(SettingsException.class)
                .hasMessage("AzureWebJobsStorage__accountName must be 3 to 24 lower-case letters and digits but has "
                        + name.length() + " characters of another form");
    }

    /** Some tools add it by themselves. */
    @Test
    void treatAnEmptyConnectionStringAsMissing() {
        assertThat(Settings.storage(Map.of(
                        "AzureWebJobsStorage", "",
                        "AzureWebJobsStorage__tableServiceUri", "https://stcontoso.table.core.windows.net",
                        "AzureWebJobsStorage__queueServiceUri", "https://stcontoso.queue.core.windows.net")))
                .isInstanceOf(ByIdentity.class);
    }

    @ParameterizedTest
    @CsvSource({
        "AzureWebJobsStorage__tableServiceUri, https://stcontoso.table.core.windows.net",
        "AzureWebJobsStorage__queueServiceUri, https://stcontoso.queue.core.windows.net",
        "AzureWebJobsStorage__blobServiceUri,  https://stcontoso.blob.core.windows.net",
        "AzureWebJobsStorage__accountName,     stcontoso",
        "AzureWebJobsStorage__credential,      managedidentity",
        "AzureWebJobsStorage__clientId,        11111111-1111-1111-1111-111111111111",
    })
    void rejectAConnectionStringBesideAnIdentity(String name, String value) {
        Map<String, String> environment = Map.of(
                "AzureWebJobsStorage",
                "DefaultEndpointsProtocol=https;AccountName=stcontoso;AccountKey=AAAA;EndpointSuffix=core.windows.net",
                name,
                value);

        assertThatThrownBy(() -> Settings.storage(environment))
                .isInstanceOf(SettingsException.class)
                .hasMessage("AzureWebJobsStorage must be empty or missing beside " + name
                        + ", since the account is reached by connection string or by identity, but both are set");
    }

    @Test
    void readTheClientIdOfStorageSeparately() {
        Map<String, String> environment = Map.of(
                "AzureWebJobsStorage__accountName", "stcontoso", "AzureWebJobsStorage__clientId", "id-alert-user");

        assertThatThrownBy(() -> Settings.storage(environment))
                .isInstanceOf(SettingsException.class)
                .hasMessage(
                        "AzureWebJobsStorage__clientId must be the client id of an identity, which is a GUID, but has"
                                + " 13 characters of another form");
    }

    @Test
    void acceptAConnectionStringBesideAnEmptyIdentity() {
        assertThat(Settings.storage(with("AzureWebJobsStorage__tableServiceUri", " ")))
                .isEqualTo(new ByConnectionString("UseDevelopmentStorage=true"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:10002/devstoreaccount1",
                "https://localhost:10002/devstoreaccount1/",
                "http://[::1]:10002/devstoreaccount1",
                "https://stcontoso.table.core.windows.net/"
            })
    void acceptAnAccountsPathOnLocalhost(String url) {
        assertThat(((ByIdentity) Settings.storage(byIdentity(url))).tables())
                .isEqualTo(URI.create(url.endsWith("/") ? url.substring(0, url.length() - 1) : url));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://stcontoso.table.core.windows.net/devstoreaccount1",
                "http://127.0.0.1:10002/devstoreaccount1/AlertUserBudget",
                "http://127.0.0.1:10002/devstoreaccount1?sig=x",
                "http://127.0.0.1:10002//"
            })
    void rejectOtherPathsOfStorage(String url) {
        assertThatThrownBy(() -> Settings.storage(byIdentity(url)))
                .isInstanceOf(SettingsException.class)
                .hasMessage("AzureWebJobsStorage__tableServiceUri must be an https URL without path, query and user, or"
                        + " one on localhost with the account's name as its path, but has " + url.length()
                        + " characters of another form");
    }

    private static Map<String, String> byIdentity(String tables) {
        return Map.of(
                "AzureWebJobsStorage__tableServiceUri",
                tables,
                "AzureWebJobsStorage__queueServiceUri",
                "https://a.queue.core.windows.net");
    }

    @ParameterizedTest
    @CsvSource({
        "public,   https://api.securitycenter.microsoft.com",
        "gcc,      https://api-gcc.securitycenter.microsoft.us",
        "gcc-high, https://api-gov.securitycenter.microsoft.us",
        "dod,      https://api-gov.securitycenter.microsoft.us"
    })
    void knowHostAndScopeOfEachCloud(String cloud, String host) {
        Settings settings = Settings.from(with("DEFENDER_CLOUD", cloud));

        assertThat(settings.defenderUrl()).isEqualTo(URI.create(host));
        assertThat(settings.defenderScope()).isEqualTo(host + "/.default");
    }

    @Test
    void keepTheScopeIfOnlyTheHostDiffers() {
        Settings settings = Settings.from(with("DEFENDER_API_URL", "https://eu.api.security.microsoft.com"));

        assertThat(settings.defenderScope()).isEqualTo("https://api.securitycenter.microsoft.com/.default");
    }

    @Test
    void readOtherLimits() {
        Map<String, String> environment = new HashMap<>(LEAST);
        environment.put("RATE_LIMITS", "600/PT1H, 50/PT1M");
        environment.put("RATE_LIMIT_INTERACTIVE_RESERVE", "30, 10");
        environment.put("RATE_LIMIT_MARGIN", "PT3S");

        assertThat(Settings.from(environment).policy())
                .isEqualTo(new QuotaPolicy(
                        List.of(new Quota(50, Duration.ofMinutes(1), 10), new Quota(600, Duration.ofHours(1), 30)),
                        Duration.ofSeconds(3)));
    }

    @ParameterizedTest
    @CsvSource({"prod, false", "ManagedIdentityCredential, false", "dev, true", "AzureCliCredential, true"})
    void useADevelopersSignInOnlyIfConfigured(String value, boolean developer) {
        assertThat(Settings.from(with("AZURE_TOKEN_CREDENTIALS", value)).developerCredentials())
                .isEqualTo(developer);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            AZURE_TOKEN_CREDENTIALS | IntelliJCredential | AZURE_TOKEN_CREDENTIALS must be prod or dev, or ManagedIdentityCredential, AzureCliCredential or AzureDeveloperCliCredential but has 18 characters of another form
            DEFENDER_CLOUD     | mars     | DEFENDER_CLOUD must be public, gcc, gcc-high or dod but has 4 characters of another form
            DEFENDER_API_URL   | http://a.example | DEFENDER_API_URL must be an https URL without path, query and user, or an http one on localhost, but has 16 characters of another form
            DEFENDER_API_URL   | https://a.example/api | DEFENDER_API_URL must be an https URL without path, query and user, or an http one on localhost, but has 21 characters of another form
            DEFENDER_API_URL   | http://127.0.0.1:8081/api | DEFENDER_API_URL must be an https URL without path, query and user, or an http one on localhost, but has 25 characters of another form
            DEFENDER_API_URL   | not a url | DEFENDER_API_URL must be an https URL without path, query and user, or an http one on localhost, but has 9 characters of another form
            PUBLIC_URL         | api.contoso.com | PUBLIC_URL must be an https URL without query and user, or an http one on localhost, but has 15 characters of another form
            PUBLIC_URL         | http://api.contoso.com | PUBLIC_URL must be an https URL without query and user, or an http one on localhost, but has 22 characters of another form
            PUBLIC_URL         | https://api.contoso.com?a=b | PUBLIC_URL must be an https URL without query and user, or an http one on localhost, but has 27 characters of another form
            RATE_LIMITS        | 100      | RATE_LIMITS must be permits/window pairs as in 100/PT1M,1500/PT1H but has 3 characters of another form
            RATE_LIMITS        | 100/PT1M, | RATE_LIMITS must be permits/window pairs as in 100/PT1M,1500/PT1H but has 9 characters of another form
            RATE_LIMITS        | 0/PT1M   | RATE_LIMITS: permits must be 1 to 10000 but was 0
            RATE_LIMITS        | 5/PT1M,6/PT1M | RATE_LIMITS: each window may have one quota only but two last PT1M
            RATE_LIMIT_MARGIN  | PT2M     | RATE_LIMIT_MARGIN must be an ISO-8601 duration from PT0S to PT1M but has 4 characters of another form
            RATE_LIMIT_INTERACTIVE_RESERVE | 100,75 | RATE_LIMIT_INTERACTIVE_RESERVE must be one number for each of RATE_LIMITS, smaller than its permits, but has 6 characters of another form
            RATE_LIMIT_INTERACTIVE_RESERVE | 40 | RATE_LIMIT_INTERACTIVE_RESERVE must be one number for each of RATE_LIMITS, smaller than its permits, but has 2 characters of another form
            RATE_LIMIT_INTERACTIVE_RESERVE | 40,75,1 | RATE_LIMIT_INTERACTIVE_RESERVE must be one number for each of RATE_LIMITS, smaller than its permits, but has 7 characters of another form
            RATE_LIMIT_KEY     | a/b | RATE_LIMIT_KEY must be 1 to 200 characters without / \\ # ? % + ' but has 3 characters of another form
            RATE_LIMIT_KEY     | contoso%20prod | RATE_LIMIT_KEY must be 1 to 200 characters without / \\ # ? % + ' but has 14 characters of another form
            RATE_LIMIT_KEY     | a%2Fb | RATE_LIMIT_KEY must be 1 to 200 characters without / \\ # ? % + ' but has 5 characters of another form
            RATE_LIMIT_KEY     | a+b | RATE_LIMIT_KEY must be 1 to 200 characters without / \\ # ? % + ' but has 3 characters of another form
            RATE_LIMIT_KEY     | o'brien | RATE_LIMIT_KEY must be 1 to 200 characters without / \\ # ? % + ' but has 7 characters of another form
            AZURE_CLIENT_ID    | id/app   | AZURE_CLIENT_ID must be the client id of an identity, which is a GUID, but has 6 characters of another form
            AZURE_CLIENT_ID    | {11111111-1111-1111-1111-111111111111} | AZURE_CLIENT_ID must be the client id of an identity, which is a GUID, but has 38 characters of another form
            ANSWER_TTL         | 15       | ANSWER_TTL must be an ISO-8601 duration from PT0S to PT24H but has 2 characters of another form
            MAX_WAIT           | PT3M     | MAX_WAIT must be an ISO-8601 duration from PT0S to PT2M but has 4 characters of another form
            DEFAULT_WAIT       | PT91S    | DEFAULT_WAIT must be an ISO-8601 duration from PT0S to PT1M30S but has 5 characters of another form
            REQUEST_MAX_AGE    | -PT1H    | REQUEST_MAX_AGE must be an ISO-8601 duration from PT1S to PT168H but has 5 characters of another form
            """)
    void nameTheSettingAndWhatWasExpected(String name, String value, String message) {
        assertThatThrownBy(() -> Settings.from(with(name, value)))
                .isInstanceOf(SettingsException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://svc:PASSWORD@api.example.com",
                "https://api.example.com?sig=PASSWORD",
                "https://api.example.com#PASSWORD",
                "https://api.example.com:0",
                "https://PASSWORD with blanks",
                "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=PASSWORD==",
                "PASSWORD"
            })
    void neverRepeatAValue(String value) {
        for (String name : List.of(
                "AZURE_CLIENT_ID",
                "DEFENDER_API_URL",
                "PUBLIC_URL",
                "DEFENDER_CLOUD",
                "RATE_LIMITS",
                "RATE_LIMIT_MARGIN",
                "MAX_WAIT",
                "ANSWER_TTL")) {
            assertThatThrownBy(() -> Settings.from(with(name, value)))
                    .isInstanceOf(SettingsException.class)
                    .hasMessageStartingWith(name)
                    .hasNoCause()
                    .hasMessageNotContaining("PASSWORD");
        }
        assertThatThrownBy(() -> Settings.from(byIdentity(value)))
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith("AzureWebJobsStorage__tableServiceUri")
                .hasMessageNotContaining("PASSWORD");
    }

    @Test
    void limitTheDefaultWaitToAShorterMaximum() {
        assertThat(Settings.from(with("MAX_WAIT", "PT5S")).waits().usual()).isEqualTo(Duration.ofSeconds(5));
        assertThat(Settings.from(with("MAX_WAIT", "PT30S")).waits().usual()).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void readStorageWhileOtherSettingsAreWrong() {
        assertThat(Settings.storage(with("RATE_LIMITS", "hundred")))
                .isEqualTo(new ByConnectionString("UseDevelopmentStorage=true"));
    }

    @Test
    void sayWhatIsMissing() {
        assertThatThrownBy(() -> Settings.from(Map.of()))
                .isInstanceOf(SettingsException.class)
                .hasMessage("AzureWebJobsStorage__tableServiceUri must be the URL of that service, or"
                        + " AzureWebJobsStorage__accountName the account's name, or AzureWebJobsStorage a"
                        + " connection string, but none is set");
    }

    @Test
    void neverShowTheConnectionString() {
        assertThat(Settings.from(Map.of("AzureWebJobsStorage", "AccountName=a;AccountKey=secret")))
                .asString()
                .doesNotContain("secret");
    }

    private static Map<String, String> with(String name, String value) {
        Map<String, String> environment = new HashMap<>(LEAST);
        environment.put(name, value);
        return environment;
    }
}
