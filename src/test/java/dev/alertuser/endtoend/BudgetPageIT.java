package dev.alertuser.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.data.tables.TableClientBuilder;
import dev.alertuser.Names;
import dev.alertuser.config.Settings;
import dev.alertuser.localkit.fake.FakeDefenderAnswer;
import dev.alertuser.ratelimit.counter.PastHour;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.Keys;

/** The budget page as a person sees it. What it looked like is left in {@code target/screenshots}. */
class BudgetPageIT {
    private static final String PAGE = "/api/budget?code=" + RunningApp.KEY;
    private static final int DESKTOP = 1120;

    private static RunningApp app;
    private static Browser browser;

    @BeforeAll
    static void start() throws Exception {
        Browser.assumeInstalled();
        browser = Browser.start();
        app = RunningApp.start("page", Map.of());
    }

    @AfterAll
    static void stop() {
        if (app != null) {
            app.close();
        }
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void fresh() throws Exception {
        browser.renew(DESKTOP);
    }

    @Test
    void showsThePermitsAsTheyAreSpent() throws Exception {
        open(app);
        browser.await("#headline", "Calls go through");
        int spent = calls();
        for (int i = 0; i < 3; i++) {
            app.user(id());
        }

        browser.await("#chart-text", (spent + 3) + " by interactive callers and 0 by the queue\\..*");

        int left = Integer.parseInt(browser.text(".gauge .big"));
        assertThat(left).isBetween(100 - spent - 3, 97);
        assertThat(browser.text("#lead")).contains(left + " of 100 left this minute");
        assertThat(browser.count("#chart .interactive")).isPositive();
        assertNothingForeign(app);
    }

    @Test
    void sendsNoPolicyThatLetsAnythingElseIn() throws Exception {
        String policy = app.get(PAGE, "Accept", "text/html,application/xhtml+xml")
                .headers()
                .firstValue("Content-Security-Policy")
                .orElseThrow();

        assertThat(policy).startsWith("default-src 'none'; style-src 'sha256-").doesNotContain("unsafe", "http", "*");
    }

    @Test
    void isReachedByKeyboard() throws Exception {
        open(app);
        browser.await("#headline", "Calls go through");

        browser.press(Keys.TAB);
        assertThat(browser.run("return document.activeElement.href"))
                .isEqualTo(app.url("/api/analyst?code=" + RunningApp.KEY));
        browser.press(Keys.TAB);
        assertThat(browser.run("return document.activeElement.labels[0].textContent"))
                .isEqualTo("Place in line of an alert");
        browser.press(Keys.TAB);
        assertThat(browser.run("return document.activeElement.textContent")).isEqualTo("Show");
        browser.press(Keys.TAB);
        assertThat(browser.run("return document.activeElement.textContent")).isEqualTo("Show as a table");
        browser.press(Keys.ENTER);
        assertThat(browser.run("return document.querySelector('details').open")).isEqualTo(true);
        assertThat(browser.count("#rows tr")).isBetween(61, 62);
        browser.press(Keys.TAB);
        assertThat(browser.run("return document.activeElement.getAttribute('aria-label')"))
                .isEqualTo("Calls over time, as a table");
        assertThat(browser.graveFaults()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"light, 1120", "dark, 1120", "light, 390", "dark, 390"})
    void hasNoGraveFaultForAnybody(String scheme, int width) throws Exception {
        open(app);
        browser.scheme(scheme);
        browser.resize(width, 800);
        browser.await("#headline", "Calls go through");

        browser.screenshot("budget-" + scheme + "-" + width, width);

        assertThat(browser.graveFaults()).isEmpty();
        assertThat(browser.run("const d = document.documentElement; return d.scrollWidth - d.clientWidth"))
                .as("width of the horizontal scroll")
                .isEqualTo(0L);
        assertNothingForeign(app);
    }

    @Test
    void showsWhoUsedTheHourAndWhenTheBacklogClears() throws Exception {
        try (RunningApp busy =
                RunningApp.start("page-hour", Map.of("AzureWebJobs.AlertUserRequests.Disabled", "true"))) {
            Settings settings = busy.settings();
            PastHour.write(
                    new TableClientBuilder().connectionString(busy.storage()).tableName(Names.BUDGET_TABLE),
                    settings.policyKey(),
                    settings.policy());
            for (int i = 0; i < 420; i++) {
                busy.enqueue("da" + i);
            }
            busy.user(id());
            busy.user(id());
            open(busy);
            browser.await("#requests", "420A backlog of 420 clears at \\d\\d:\\d\\d if no other calls are made; .*");

            assertThat(browser.count("#chart .interactive")).isGreaterThan(40);
            assertThat(browser.count("#chart .backlog")).isGreaterThan(35);
            assertThat(browser.count("#chart line.limit")).isEqualTo(1);
            browser.screenshot("budget-hour", DESKTOP);
            browser.scheme("dark");
            browser.screenshot("budget-hour-dark", DESKTOP);
        }
    }

    @Test
    void showsTheLineAndThePlaceOfAnAlert() throws Exception {
        Map<String, String> narrow =
                Map.of("RATE_LIMITS", "2/PT1M,1500/PT1H", "RATE_LIMIT_INTERACTIVE_RESERVE", "1,70");
        try (RunningApp spent = RunningApp.start("page-line", narrow)) {
            String first = id();
            String second = id();
            spent.user(id());
            spent.user(id());
            spent.user(first, "Prefer", "wait=0");
            spent.user(second, "Prefer", "wait=0");
            browser.open(spent.url(PAGE + "&alertId=" + second));
            browser.await("#place", "Number 2 in line, due at \\d\\d:\\d\\d:\\d\\d, in .*");

            assertThat(browser.text("#promised")).contains("2 alerts are in line; the last is due at ");
            assertThat(browser.text(".card dd")).isEqualTo("2 of 2");
            assertThat(browser.text("#reserved")).contains("Nobody waits for a call.");
            browser.run("const id = document.getElementById('alert-id'); id.focus(); id.select()");
            browser.press(first, Keys.ENTER);
            browser.await("#place", "Number 1 in line, due at .*");
            browser.run("const id = document.getElementById('alert-id'); id.focus(); id.select()");
            browser.press(id(), Keys.ENTER);
            browser.await("#place", "This alert has no place in line\\.");
            browser.screenshot("budget-line", DESKTOP);
            browser.scheme("dark");
            browser.screenshot("budget-line-dark", DESKTOP);
            assertThat(browser.complaints()).isEmpty();
            assertThat(browser.graveFaults()).isEmpty();
        }
    }

    @Test
    void showsThePauseAndThatItIsOver() throws Exception {
        try (RunningApp paused = RunningApp.start("page-pause", Map.of())) {
            open(paused);
            browser.await("#headline", "Calls go through");
            paused.defender.answerNext(FakeDefenderAnswer.throttledInText(12));
            paused.user(id());

            browser.await("#headline", "All calls pause");

            assertThat(browser.text("#lead")).startsWith("They resume at ");
            assertThat(browser.text("#notices")).contains("Defender answered 429", "RATE_LIMITS");
            browser.scheme("dark");
            browser.screenshot("budget-paused", DESKTOP);
            assertThat(browser.graveFaults()).isEmpty();
            browser.await("#headline", "Calls go through");
            assertNothingForeign(paused);
        }
    }

    @Test
    void saysWhatIsWrongWhenTheCounterIsOutOfReachAndGoesOnWhenItIsBack() throws Exception {
        try (RunningApp broken = RunningApp.startWithOwnStorage("page-outage", Map.of())) {
            open(broken);
            browser.await("#headline", "Calls go through");
            broken.azurite().stop();

            browser.await("#headline", "No calls are made: the budget is out of reach");

            assertThat(browser.text("#notices")).contains("Storage Table Data Contributor");
            assertThat(browser.graveFaults()).isEmpty();
            browser.screenshot("budget-out-of-reach", DESKTOP);
            broken.azurite().start();
            browser.await("#headline", "Calls go through");
        }
    }

    private static int calls() {
        return app.defender.requests();
    }

    private static void open(RunningApp app) {
        browser.open(app.url(PAGE));
    }

    private static void assertNothingForeign(RunningApp app) throws Exception {
        assertThat(browser.complaints()).isEmpty();
        assertThat(browser.requests())
                .isNotEmpty()
                .allMatch(url -> url.equals(app.url(PAGE)) || url.startsWith("data:image/svg+xml,"));
    }

    private static String id() {
        return "da" + UUID.randomUUID();
    }
}
