package dev.alertuser.endtoend;

import static dev.alertuser.endtoend.RunningApp.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.Names;
import dev.alertuser.localkit.fake.FakeDefender;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** An instance that starts from zero or again, for which the platform runs no warm-up: nothing is loaded, known or read yet. */
class ColdHostIT {
    private static final Pattern PERMITS = Pattern.compile("\"permits\":(\\d+)");

    @Test
    void servesItsFirstCallersBeforeAndAfterARestart() throws Exception {
        try (RunningApp app = RunningApp.start("cold", Map.of())) {
            assertThat(app.user("not.an.id").statusCode()).isEqualTo(400);

            HttpResponse<String> first = app.user("da1");
            assertThat(first.statusCode()).isEqualTo(200);
            int charged = permits(app);
            assertThat(charged)
                    .as("permits: knowing the time only roughly, it may lose some")
                    .isBetween(1, 3);
            assertThat(left(first)).isEqualTo(1500 - charged);

            app.endHost();
            app.startHost();
            HttpResponse<String> cached = app.user("da1");
            assertThat(cached.statusCode()).isEqualTo(200);
            assertThat(cached.headers().firstValue("Age"))
                    .as("of the cached answer")
                    .isPresent();
            HttpResponse<String> fresh = app.user("da2");
            assertThat(fresh.statusCode()).isEqualTo(200);
            assertThat(left(fresh)).as("it goes on counting").isEqualTo(1500 - charged - permits(app));
            assertThat(app.defender.received())
                    .extracting(FakeDefender.Received::status)
                    .containsExactly(200, 200);

            app.table(Names.BUDGET_TABLE).deleteTable();
            app.restartHost();
            HttpResponse<String> anew = app.user("da3");
            assertThat(anew.statusCode()).isEqualTo(200);
            assertThat(left(anew))
                    .as("it never saw the row that is gone, and takes this for a first start")
                    .isEqualTo(1500 - permits(app));
        }
    }

    /** Calls left in the hour. */
    private static int left(HttpResponse<String> response) {
        String header = response.headers().firstValue("RateLimit").orElseThrow();
        return Integer.parseInt(header.replaceFirst(".*\"hour\";r=(\\d+);.*", "$1"));
    }

    /** Permits that the calls of this process cost, by its log. */
    private static int permits(RunningApp app) throws IOException {
        return PERMITS.matcher(app.log())
                .results()
                .mapToInt(match -> Integer.parseInt(match.group(1)))
                .sum();
    }

    @Test
    void aWarmOneKnowsTokenAndBudgetBeforeItsFirstRequest() throws Exception {
        try (RunningApp app = RunningApp.startInMemory("warm", RunningApp.WARM)) {
            assertThat(app.identity.requests(FakeDefender.AUDIENCE)).isEqualTo(1);

            HttpResponse<String> bad = app.user("not.an.id");

            assertThat(bad.headers().firstValue("RateLimit").orElseThrow()).startsWith("\"minute\";r=100;");
            assertThat(json(bad).at("/error/code").textValue()).isEqualTo("InvalidAlertId");
            assertThat(app.defender.requests()).isZero();
        }
    }
}
