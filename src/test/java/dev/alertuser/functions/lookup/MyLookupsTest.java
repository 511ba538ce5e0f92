package dev.alertuser.functions.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.azure.functions.HttpMethod;
import com.microsoft.azure.functions.HttpResponseMessage;
import dev.alertuser.functions.http.GivenRequest;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Nobody who has not signed in gets as far as what is wrong with the request: reading a body costs more than looking for a user. */
class MyLookupsTest {
    private static final String URL = "https://app.example.com/api/me/";

    private final GivenLookups given = new GivenLookups();

    MyLookupsTest() throws InterruptedException {}

    @Test
    void aBodyIsNotReadForWhoIsNoUser() {
        GivenRequest request =
                new GivenRequest(HttpMethod.POST, URL + "alerts/users", Map.of(), Map.of(), "{\"alertIds\":[");

        assertNoUser(
                new MyAlertUsersFunction(given.edge(), given.lookups()).run(request, given.context("MyAlertUsers")));
    }

    @Test
    void anAlertIdIsNotReadForWhoIsNoUser() {
        assertNoUser(new MyAlertUserFunction(given.edge(), given.lookups())
                .run(GivenRequest.get(URL + "alerts/a.b/user"), "a.b", given.context("MyAlertUser")));
    }

    @Test
    void aLookupIdIsNotReadForWhoIsNoUser() {
        assertNoUser(new MyLookupFunction(given.edge(), given.lookups())
                .run(GivenRequest.get(URL + "lookups/x"), "x", given.context("MyLookup")));
    }

    private static void assertNoUser(HttpResponseMessage response) {
        assertThat(response.getStatusCode()).isEqualTo(403);
        assertThat(response.getHeader("x-ms-error-code")).isEqualTo("DelegationNotConfigured");
    }
}
