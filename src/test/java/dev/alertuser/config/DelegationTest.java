package dev.alertuser.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DelegationTest {
    private static final String APP = "11111111-1111-1111-1111-111111111111";
    private static final String TENANT = "22222222-2222-2222-2222-222222222222";
    private static final String IDENTITY = "33333333-3333-3333-3333-333333333333";

    private final Map<String, String> environment = new HashMap<>(Map.of(
            "AzureWebJobsStorage",
            "UseDevelopmentStorage=true",
            "AZURE_CLIENT_ID",
            IDENTITY,
            "DELEGATED_CLIENT_ID",
            APP,
            "DELEGATED_TENANT_ID",
            TENANT));

    @Test
    void isOffUnlessAnAppRegistrationIsNamed() {
        environment.remove("DELEGATED_CLIENT_ID");

        assertThat(Settings.from(environment).delegation()).isNull();
    }

    @Test
    void countsApartAndWaitsForTheSignInByDefault() {
        assertThat(Settings.from(environment).delegation())
                .isEqualTo(new Delegation(APP, TENANT, IDENTITY, null, false, false, false));
    }

    @Test
    void readsWhatIsSet() {
        environment.put("DELEGATED_BUDGET", "shared");
        environment.put("WEBSITE_AUTH_ENABLED", "True");
        environment.put("AZURE_AUTHORITY_HOST", "https://localhost:8443");

        assertThat(Settings.from(environment).delegation())
                .isEqualTo(
                        new Delegation(APP, TENANT, IDENTITY, URI.create("https://localhost:8443"), false, true, true));
    }

    @ParameterizedTest
    @CsvSource({
        "public, api://AzureADTokenExchange/.default, false",
        "gcc, api://AzureADTokenExchange/.default, false",
        "gcc-high, api://AzureADTokenExchangeUSGov/.default, true",
        "dod, api://AzureADTokenExchangeUSGov/.default, true",
    })
    void followsTheCloud(String cloud, String scope, boolean government) {
        environment.put("DEFENDER_CLOUD", cloud);

        Delegation delegation = Settings.from(environment).delegation();

        assertThat(delegation).isNotNull();
        assertThat(delegation.assertionScope()).isEqualTo(scope);
        assertThat(delegation.governmentCloud()).isEqualTo(government);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            DELEGATED_TENANT_ID     | ''                 | DELEGATED_CLIENT_ID needs DELEGATED_TENANT_ID
            AZURE_CLIENT_ID         | ''                 | DELEGATED_CLIENT_ID needs AZURE_CLIENT_ID
            AZURE_TOKEN_CREDENTIALS | dev                | DELEGATED_CLIENT_ID needs AZURE_CLIENT_ID
            DELEGATED_CLIENT_ID     | my-app             | DELEGATED_CLIENT_ID must be the client id of an identity, which is a GUID,
            DELEGATED_TENANT_ID     | contoso.com        | DELEGATED_TENANT_ID must be the id of a tenant, which is a GUID,
            DELEGATED_BUDGET        | both               | DELEGATED_BUDGET must be own or shared
            AZURE_AUTHORITY_HOST    | http://example.com | AZURE_AUTHORITY_HOST must be an https URL
            """)
    void saysWhatIsWrong(String name, String value, String message) {
        environment.put(name, value);

        assertThatThrownBy(() -> Settings.from(environment))
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith(message);
    }
}
