package dev.alertuser.localkit.host.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteTest {
    private static final Route ROUTE = Route.parse("api/alerts/{id}/user");

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(textBlock = """
    /api/alerts/1_2/user,         1_2
    /api/alerts/1_2/user/,        1_2
    /API/Alerts/aB/USER,          aB
    /api/alerts/%20a%20/user,     ' a '
    /api/alerts/a+b/user,         a+b
    /api/alerts/%2541/user,       %41
    /api/alerts/a%2Fb%2fc/user,   a%2Fb%2Fc
    /api/alerts/%C3%BC/user,      ü
    """)
    void decodesParametersOnceButNoSlash(String path, String id) {
        assertThat(ROUTE.match(path)).hasValue(Map.of("id", id));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/api/alerts/user",
                "/api/alerts//user",
                "/api/alerts/1/user/x",
                "/api/alerts/1/users",
                "//api/alerts/1/user",
                "/api/alerts/1/user//"
            })
    void doesNotMatchOtherPaths(String path) {
        assertThat(ROUTE.match(path)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"alerts/{id:int}", "alerts/{id?}", "alerts/{*rest}", "alerts//user", "alerts/{a}-{b}", ""})
    void refusesTemplatesThatItDoesNotKnow(String template) {
        assertThatThrownBy(() -> Route.parse(template))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "route " + template + " has a segment that is neither a literal nor a {name}: '");
    }

    @Test
    void countsLiterals() {
        assertThat(ROUTE.literals()).isEqualTo(3);
    }
}
