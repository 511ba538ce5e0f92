package dev.alertuser.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.alertuser.localkit.fake.FakeDefenderAnswer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;

/**
 * The analysts' page as a person sees it, in one browser: before the running app with a key, and before {@link AnalystFront} signed in. What
 * it looked like is left in {@code target/screenshots}.
 */
class AnalystPageIT {
    private static final String PAGE = "/api/analyst?code=" + RunningApp.KEY;
    private static final String SIGN_IN = "/.auth/login/aad?post_login_redirect_uri=%2Fapi%2Fanalyst";
    private static final int DESKTOP = 1120;

    private static RunningApp app;
    private static Browser browser;

    @BeforeAll
    static void start() throws Exception {
        Browser.assumeInstalled();
        browser = Browser.start();
        browser.allowReadingTheClipboard();
        app = RunningApp.start("analyst", Map.of());
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
    void showsTheUserOfOneAlert() throws Exception {
        String id = id();
        app.defender.answerNextFor(id, FakeDefenderAnswer.user("""
                {"id":"contoso\\\\anna.meyer","accountName":"anna.meyer","accountDomain":"contoso",
                 "accountSid":"S-1-5-21-1-2-3-1001","firstSeen":"2025-01-02T03:04:05Z",
                 "lastSeen":"2025-06-07T08:09:10.1234567Z","logonTypes":"Interactive,Network",
                 "logOnMachinesCount":3,"isDomainAdmin":true,"isOnlyNetworkUser":null}"""));
        ask(id);
        browser.await("#headline", "1 user found for 1 alert");

        assertThat(browser.text("#rows th")).isEqualTo(id);
        assertThat(browser.text("#rows td:nth-child(2)")).isEqualTo("contoso\\anna.meyer\nS-1-5-21-1-2-3-1001");
        assertThat(browser.text("#rows td:nth-child(3)")).isEqualTo("Domain admin\nInteractive, Network\n3 machines");
        assertThat(browser.run("return document.querySelector('#rows time').dateTime"))
                .isEqualTo("2025-06-07T08:09:10.123Z");
        browser.click("#utc");
        assertThat(browser.text("#rows td:nth-child(4)")).matches("last\n.*2025, 08:09 UTC\nfirst\n.*2025, 03:04 UTC");
        assertThat(browser.text("#whose")).isEqualTo("Asks with the app's rights");
        browser.run("document.getElementById('headline').textContent = ''");
        browser.click(".primary");
        browser.await("#headline", "1 user found for 1 alert");
        assertThat(app.callsFor(id))
                .as("calls: the second answer is a cached one")
                .isOne();
        assertNothingForeign();
    }

    /** Defender was seen to answer with each of these. */
    @Test
    void showsWhatThereIsOfAUserWithoutNames() throws Exception {
        String nulls = id();
        String old = id();
        String only = id();
        app.defender.answerNextFor(nulls, FakeDefenderAnswer.userWithNulls());
        app.defender.answerNextFor(old, FakeDefenderAnswer.userOf2020());
        app.defender.answerNextFor(only, FakeDefenderAnswer.user("{\"id\":\"anna@contoso.com\"}"));
        ask(nulls + "\n" + old + "\n" + only);
        browser.await("#headline", "3 users found for 3 alerts");

        assertThat(texts("#rows strong")).containsExactly("desk 7\\user three", "contoso\\user2", "anna@contoso.com");
        assertThat(browser.text("#rows tr:nth-child(3) td:nth-child(4)")).isEqualTo("last\n–\nfirst\n–");
        assertNothingForeign();
    }

    @Test
    void showsMarkupInANameAsText() throws Exception {
        String id = id();
        String name = "<img src=x onerror=alert(1)>";
        app.defender.answerNextFor(id, FakeDefenderAnswer.user("{\"id\":\"" + name + "\"}"));
        ask(id);
        browser.await("#headline", "1 user found for 1 alert");

        assertThat(browser.text("#rows strong")).isEqualTo(name);
        assertThat(browser.count("#rows img")).isZero();
        assertNothingForeign();
    }

    @Test
    void readsWhatAPersonPastes() throws Exception {
        String first = id();
        browser.open(app.url(PAGE));
        browser.paste(
                "#alerts",
                String.join(
                        "\n",
                        "https://security.microsoft.com/alerts/" + first + "?tid=0a1b&viewid=2",
                        "securitycenter.windows.com/alert/da_2, <https://security.microsoft.us/alerts/da_3/overview>; \"da_4\"",
                        "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fsecurity.microsoft.com%2Falerts%2Fda_5&data=x",
                        "da_4 " + first,
                        "https://security.microsoft.com/incident2/77/overview?tid=0a1b",
                        "https://example.com/alerts/da_6?code=hidden  not.an.id",
                        "https://security.microsoft.com/machines/1"));

        assertThat(browser.text("#reading")).isEqualTo("5 alerts, 2 repeated, 4 left out.");
        assertThat(texts("#wrong li"))
                .containsExactly(
                        "Line 5: https://security.microsoft.com/incident2/77/overview This is the link of an incident."
                                + " Open the alert itself in the portal, and copy the link of its page.",
                        "Line 6: https://example.com/alerts/da_6 This link does not lead to the Defender portal.",
                        "Line 6: not.an.id An alert id has 1 to 128 letters, digits, _ and - only.",
                        "Line 7: https://security.microsoft.com/machines/1 This link of the Defender portal names no alert.");
        browser.click(".primary");
        browser.await("#headline", "5 users found for 5 alerts");
        assertThat(texts("#rows th")).containsExactly(first, "da_2", "da_3", "da_4", "da_5");
        assertThat(browser.run("return location.href")).isEqualTo(app.url(PAGE));
        assertNothingForeign();
    }

    @Test
    void asksForNothingWithoutAnIdAndForNoMoreThanFiveHundred() throws Exception {
        ask("  ");
        assertThat(browser.run("return document.activeElement.id")).isEqualTo("alerts");
        assertThat(browser.text("#announcement")).isEqualTo("There is no alert id to ask for.");
        browser.paste("#alerts", IntStream.range(0, 501).mapToObj(i -> "da" + i).collect(Collectors.joining(" ")));
        browser.click(".primary");

        assertThat(browser.text("#reading")).isEqualTo("501 alerts: at most 500 can be asked at once.");
        assertThat(browser.run("return document.getElementById('alerts').getAttribute('aria-invalid')"))
                .isEqualTo("true");
        assertThat(browser.count("#rows tr")).isZero();
        assertNothingForeign();
    }

    @Test
    void showsFortyLinksWithWhateverBecameOfThemAndHasNoGraveFaultForAnybody() throws Exception {
        String guid = "0a1b2c3d-0000-4000-8000-00000000000a";
        app.defender.answerNextFor(guid, FakeDefenderAnswer.notFound(guid));
        ask(IntStream.range(0, 36)
                        .mapToObj(i -> "https://security.microsoft.com/alerts/da_forty_" + i + "?tid=0")
                        .collect(Collectors.joining("\n"))
                + "\nnot.an.id\nmissing_1\nbroken_1\ndown_1\n" + guid);
        browser.await("#headline", "39 of 40 alerts answered, 1 to come");

        assertThat(browser.count("#rows strong")).isEqualTo(36);
        assertThat(browser.text("#rows tr:nth-child(37) td"))
                .startsWith("Not found")
                .contains("no such alert");
        assertThat(browser.text("#rows tr:nth-child(38) td"))
                .startsWith("Unusable answer")
                .contains("tell the operator");
        assertThat(browser.text("#rows tr:nth-child(39) td"))
                .matches("(?s)Waits Asked again in .*Defender is out of reach.*");
        assertThat(browser.text("#rows tr:nth-child(40) td")).contains("bare GUID");
        assertThat(browser.text("#lead")).startsWith("2 not found. 1 failed. The page asks again by itself in ");
        browser.click("#stop");
        browser.await("#headline", "Stopped: 1 alert has no answer yet");
        for (int width : List.of(DESKTOP, 320)) {
            for (String scheme : List.of("light", "dark")) {
                browser.scheme(scheme);
                browser.resize(width, 800);
                assertThat(browser.graveFaults()).as(scheme + " at " + width).isEmpty();
                assertThat(browser.run("const d = document.documentElement; return d.scrollWidth - d.clientWidth"))
                        .as("width of the horizontal scroll at " + width)
                        .isEqualTo(0L);
            }
        }
        assertNothingForeign();
    }

    @Test
    void fetchesWhatIsInLineWhenItsTurnComes() throws Exception {
        Map<String, String> narrow =
                Map.of("RATE_LIMITS", "3/PT10S,1500/PT1H", "RATE_LIMIT_INTERACTIVE_RESERVE", "1,70");
        try (RunningApp spent = RunningApp.start("analyst-spent", narrow)) {
            List<String> ids = IntStream.range(0, 5).mapToObj(i -> id()).toList();
            browser.open(spent.url(PAGE));
            browser.run("window.said = []; new MutationObserver(() => said.push(announcement.textContent))"
                    + ".observe(announcement, {childList: true})");
            browser.paste("#alerts", String.join(" ", ids));
            browser.click(".primary");
            browser.await("#headline", "3 of 5 alerts answered, 2 to come");

            assertThat(browser.text("#rows td[colspan]")).matches("(?s)In line Its turn comes in \\d+ s, at .*");
            browser.screenshot("analyst-in-line", DESKTOP);
            assertThat(browser.graveFaults()).isEmpty();
            browser.await("#headline", "5 users found for 5 alerts");
            assertThat(spent.defender.requests()).as("no call was made twice").isEqualTo(5);
            assertThat(browser.run("return said.join('; ')"))
                    .asString()
                    .matches("Asking for 5 alerts; ([^;]*; )?5 users found for 5 alerts");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void saysThatTheOperatorMustGrantTheRoleAndAsksAgainWhenToldTo() throws Exception {
        ask("forbidden_1");
        browser.await("#headline", "0 users found for 1 alert");

        assertThat(browser.text("#rows td"))
                .startsWith("Refused")
                .contains("Tell the operator of this app", "User.Read.All of WindowsDefenderATP");
        app.defender.answerNextFor("forbidden_1", FakeDefenderAnswer.userOf2020());
        browser.click("#again");
        browser.await("#headline", "1 user found for 1 alert");
        assertNothingForeign();
    }

    @Test
    void saysThatTheKeyIsWrong() throws Exception {
        browser.open(app.url("/api/analyst?code=wrong"));
        browser.paste("#alerts", id());
        browser.click(".primary");
        browser.await("#headline", "The function key is missing or wrong");

        assertThat(browser.count("#again:not([hidden])")).isEqualTo(1);
        assertThat(browser.count("#notices a")).isZero();
        assertThat(browser.text("body")).doesNotContain("code=wrong");
    }

    @Test
    void isUsedByKeyboardAlone() throws Exception {
        browser.open(app.url(PAGE));
        browser.press(Keys.TAB);
        assertThat(focused("textContent")).isEqualTo("Call budget");
        assertThat(focused("href")).isEqualTo(app.url("/api/budget?code=" + RunningApp.KEY));
        browser.press(Keys.TAB);
        assertThat(focused("labels[0].textContent")).isEqualTo("Alert ids or links from the Defender portal");
        browser.press(id(), Keys.ENTER, id());
        assertThat(browser.text("#reading")).isEqualTo("2 alerts.");
        browser.pressWith(Keys.CONTROL, Keys.ENTER);
        browser.await("#headline", "2 users found for 2 alerts");
        assertThat(focused("id")).isEqualTo("headline");
        for (String next : List.of("Copy as text", "Copy as CSV", "Copy Sentinel entities")) {
            browser.press(Keys.TAB);
            assertThat(focused("textContent")).isEqualTo(next);
        }
        browser.press(Keys.ENTER);
        browser.await("#announcement", "2 Sentinel entities copied\\.");
        browser.press(Keys.TAB, Keys.SPACE);
        assertThat(browser.text("#rows td:nth-child(4)")).contains("UTC");
        assertThat(browser.graveFaults()).isEmpty();
        assertNothingForeign();
    }

    @Test
    void copiesAsTextAsCsvAndAsSentinelEntities() throws Exception {
        String evil = "{\"accountName\":\"=cmd|'/c calc'!A0\",\"accountDomain\":null,\"accountSid\":\"S-1-5-21-9\","
                + "\"logonTypes\":\"Interactive,Network\",\"isDomainAdmin\":true,\"lastSeen\":\"2025-06-07T08:09:10Z\"}";
        try (AnalystFront front = AnalystFront.start()) {
            front.answerNext(
                    AnalystFront.found("da_1", evil),
                    AnalystFront.found("da_2", "{\"accountName\":\"anna \\\"a\\\"\",\"accountDomain\":\"contoso\"}"),
                    AnalystFront.outcome("da_3", "notFound"),
                    AnalystFront.found("da_4", evil));
            askSignedIn(front, "da_1 da_2 da_3 da_4");
            browser.await("#headline", "3 users found for 4 alerts");

            browser.click("#copy-text");
            browser.await("#announcement", "4 alerts as text copied\\.");
            assertThat(clipboard().lines())
                    .containsExactly(
                            "da_1: =cmd|'/c calc'!A0, S-1-5-21-9, Domain admin, Interactive, Network,"
                                    + " last seen 2025-06-07T08:09:10Z",
                            "da_2: contoso\\anna \"a\"",
                            "da_3: Not found. Defender knows no such alert, or no user for it.",
                            "da_4: =cmd|'/c calc'!A0, S-1-5-21-9, Domain admin, Interactive, Network,"
                                    + " last seen 2025-06-07T08:09:10Z");

            browser.click("#copy-csv");
            browser.await("#announcement", "4 alerts as CSV copied\\.");
            assertThat(clipboard())
                    .isEqualTo(String.join(
                            "<CR>\n",
                            "alertId,outcome,account,accountSid,isDomainAdmin,isOnlyNetworkUser,logonTypes,"
                                    + "logOnMachinesCount,firstSeen,lastSeen,mostPrevalentMachineId,"
                                    + "leastPrevalentMachineId,errorCode,error",
                            "da_1,found,'=cmd|'/c calc'!A0,S-1-5-21-9,true,,\"Interactive,Network\",,,"
                                    + "2025-06-07T08:09:10Z,,,,",
                            "da_2,found,\"contoso\\anna \"\"a\"\"\",,,,,,,,,,,",
                            "da_3,notFound,,,,,,,,,,,,",
                            "da_4,found,'=cmd|'/c calc'!A0,S-1-5-21-9,true,,\"Interactive,Network\",,,"
                                    + "2025-06-07T08:09:10Z,,,,",
                            ""));

            browser.click("#copy-entities");
            browser.await("#announcement", "2 Sentinel entities copied\\.");
            assertThat(clipboard()).contains("\"Type\": \"account\"", "\"NTDomain\": \"contoso\"");

            browser.run("Object.defineProperty(navigator, 'clipboard', {value: undefined})");
            browser.click("#copy-text");
            browser.await("#announcement", "4 alerts as text selected\\. Copy with Ctrl\\+C\\.");
            assertThat(focused("id")).isEqualTo("copied");
            assertThat(browser.run("return getSelection().toString()").toString())
                    .startsWith("da_1: =cmd");
            assertThat(browser.graveFaults()).isEmpty();
            assertThat(stored()).as("what the browser stores").isEqualTo("{}");
        }
    }

    @Test
    void asksAsTheAnalystWhoIsSignedIn() throws Exception {
        try (AnalystFront front = AnalystFront.start()) {
            front.answerNext(
                    AnalystFront.found("da638652714093361274_1849220117", """
                            {"accountName":"anna.meyer","accountDomain":"CONTOSO",
                             "accountSid":"S-1-5-21-2857422465-1465058494-1690550294-4117",
                             "firstSeen":"2024-02-12T07:41:09Z","lastSeen":"2025-10-20T15:02:44Z",
                             "logonTypes":"Interactive,RemoteInteractive","logOnMachinesCount":3,"isDomainAdmin":false}"""),
                    AnalystFront.found("da638652716640517733_-702134455", """
                            {"accountName":"svc-deploy","accountDomain":"CONTOSO",
                             "accountSid":"S-1-5-21-2857422465-1465058494-1690550294-1218",
                             "firstSeen":"2023-06-01T22:00:03Z","lastSeen":"2025-10-20T16:11:27Z",
                             "logonTypes":"Network,Batch","logOnMachinesCount":41,"isDomainAdmin":true,
                             "isOnlyNetworkUser":true}"""),
                    AnalystFront.failed("da638652720118826040_515673902", "failed", "DefenderDeniesUser", "refused"),
                    AnalystFront.outcome("da638652722905144871_1290447718", "notFound"),
                    AnalystFront.inLine("da638652723377200516_-1830021946", 8),
                    AnalystFront.inLine("da638652723901846622_640081275", 9));
            browser.open(front.url("/api/analyst?code=secret"));
            browser.paste("#alerts", """
                    https://security.microsoft.com/alerts/da638652714093361274_1849220117?tid=0f3a
                    https://security.microsoft.com/alerts/da638652716640517733_-702134455?tid=0f3a
                    da638652720118826040_515673902, da638652722905144871_1290447718
                    da638652723377200516_-1830021946 da638652723901846622_640081275""");
            browser.click(".primary");
            browser.await("#headline", "4 of 6 alerts answered, 2 to come");

            assertThat(browser.text("#whose")).isEqualTo("Asks with your own rights");
            assertThat(browser.text("#rows tr:nth-child(3) td"))
                    .startsWith("Not for you")
                    .contains("the role View Data", "device group");
            AnalystFront.Received request = front.received().get(0);
            assertThat(request.target()).isEqualTo("/api/me/alerts/users");
            assertThat(request.headers()).doesNotContainKey("X-functions-key");
            assertThat(request.headers().get("Sec-fetch-site")).containsExactly("same-origin");
            assertThat(request.headers().get("Origin")).containsExactly(front.url(""));
            browser.screenshot("analyst", DESKTOP);
            browser.scheme("dark");
            browser.screenshot("analyst-dark", DESKTOP);
            browser.screenshot("analyst-dark-320", 320);
            assertThat(browser.graveFaults()).isEmpty();
        }
    }

    /** With every part of it but Entra ID itself. */
    @Test
    void asksDefenderWithTheRightsOfWhoeverSignsIn() throws Exception {
        try (RunningApp own = RunningApp.startWithSignIn("analyst-sign-in", Map.of())) {
            browser.open(own.url("/api/analyst"));
            browser.paste("#alerts", "server_1 da_1");
            browser.click(".primary");
            browser.await("#headline", "You are not signed in");

            browser.click("#notices a");
            browser.await("#headline", "2 users found for 2 alerts");
            assertThat(browser.text("#whose")).isEqualTo("Asks with your own rights");

            browser.open(own.url(SIGN_IN + "&user=Bob"));
            browser.paste("#alerts", "server_1 da_1");
            browser.click(".primary");
            browser.await("#headline", "1 user found for 2 alerts");
            assertThat(browser.text("#rows tr:nth-child(1) td")).startsWith("Not for you");
        }
    }

    @Test
    void asksForTheFirstOfALongLineInItsOrderAndForNoneOnceStopped() throws Exception {
        List<String> ids = IntStream.range(0, 60).mapToObj(i -> "da_" + i).toList();
        try (AnalystFront front = AnalystFront.start()) {
            front.answerNext(ids.stream().map(id -> AnalystFront.inLine(id, 2)).toArray(ObjectNode[]::new));
            askSignedIn(front, String.join(" ", ids));
            browser.await("#headline", "0 of 60 alerts answered, 60 to come");
            assertThat(browser.text("#rows tr:nth-child(25) td")).contains("Its turn comes ");
            assertThat(browser.text("#rows tr:nth-child(26) td"))
                    .contains("when some of those above have their answer");
            browser.click("#stop");
            browser.await("#headline", "Stopped: 60 alerts have no answer yet");
            assertThat(focused("id")).isEqualTo("headline");
            assertThat(front.received()).hasSize(1);

            browser.click("#again");
            browser.await("#headline", "60 users found for 60 alerts");
            assertThat(front.received().get(1).alertIds()).isEqualTo(ids.subList(0, 50));
            assertThat(front.received().get(2).alertIds()).isEqualTo(ids.subList(50, 60));
        }
    }

    @Test
    void showsTheAppsOwnMessageOfAnErrorThatIsNew() throws Exception {
        try (AnalystFront front = AnalystFront.start()) {
            front.answerNext(AnalystFront.failed("da_1", "failed", "NewCode", "The operator must turn it on."));
            askSignedIn(front, "da_1");
            browser.await("#headline", "0 users found for 1 alert");

            assertThat(browser.text("#rows td")).isEqualTo("Failed\nThe operator must turn it on.");
        }
    }

    @Test
    void signsInAndGoesOnWithTheSameAlerts() throws Exception {
        try (AnalystFront front = AnalystFront.start()) {
            front.refuseNext(401, "SignInRequired", "sign in", Map.of("WWW-Authenticate", "Bearer"));
            askSignedIn(front, "da_1 da_2");
            browser.await("#headline", "You are not signed in");

            assertThat(stored()).isEqualTo("{\"alert-ids\":\"[\\\"da_1\\\",\\\"da_2\\\"]\"}");
            assertThat(attribute("#notices a", "href")).isEqualTo(SIGN_IN);
            assertThat(browser.graveFaults()).isEmpty();
            browser.screenshot("analyst-sign-in", DESKTOP);
            browser.click("#notices a");
            browser.await("#headline", "2 users found for 2 alerts");

            assertThat(front.received())
                    .extracting(AnalystFront.Received::target)
                    .containsExactly("/api/me/alerts/users", SIGN_IN, "/api/me/alerts/users");
            assertThat(stored()).isEqualTo("{}");
            assertThat(browser.text("#rows strong")).isEqualTo("contoso\\user of da_1");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void renewsAnExpiredSignInOnce(boolean renewed) throws Exception {
        try (AnalystFront front = AnalystFront.start()) {
            front.refreshes(renewed);
            front.refuseNext(401, "SignInExpired", "expired");
            askSignedIn(front, "da_1");
            browser.await("#headline", renewed ? "1 user found for 1 alert" : "Your sign-in has expired");

            assertThat(front.received())
                    .extracting(AnalystFront.Received::target)
                    .startsWith("/api/me/alerts/users", "/.auth/refresh")
                    .hasSize(renewed ? 3 : 2);
            assertThat(browser.count("#notices a")).isEqualTo(renewed ? 0 : 1);
        }
    }

    @Test
    void renewsNoSecondTimeForOneVisit() throws Exception {
        try (AnalystFront front = AnalystFront.start()) {
            front.refreshes(true);
            front.refuseNext(401, "SignInExpired", "expired");
            front.refuseNext(401, "SignInExpired", "expired");
            askSignedIn(front, "da_1");
            browser.await("#headline", "Your sign-in has expired");

            assertThat(front.received()).hasSize(3);
        }
    }

    @Test
    void takesTheChallengeOfConditionalAccessToTheSignIn() throws Exception {
        String claims = "{\"access_token\":{\"acrs\":{\"essential\":true,\"value\":\"c1\"}}}";
        String encoded = Base64.getEncoder().encodeToString(claims.getBytes(StandardCharsets.UTF_8));
        try (AnalystFront front = AnalystFront.start()) {
            front.refuseNext(
                    401,
                    "InteractionRequired",
                    "more",
                    Map.of("WWW-Authenticate", "Bearer error=\"insufficient_claims\", claims=\"" + encoded + "\""));
            askSignedIn(front, "da_1");
            browser.await("#headline", "Your organisation wants more to let you in");

            assertThat(browser.run("return new URL(document.querySelector('#notices a').href)"
                            + ".searchParams.get('claims')"))
                    .isEqualTo(claims);
            assertThat(attribute("#notices a", "href")).startsWith(SIGN_IN + "&claims=");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        401 |                            | You are not signed in                      | Sign in with your work account | true
        401 | WrongAudience              | Your sign-in is for another API            | api://<client id>/.default     | true
        401 | SignInRejected             | Microsoft Entra refuses your sign-in       | AADSTS50105                    | true
        403 | UserNotInTenant            | Your account does not belong to this tenant | an account of the tenant      | true
        403 | ConsentRequired            | An administrator must consent first        | infra/delegate.sh              | false
        403 | DelegationNotConfigured    | This app cannot ask as you                 | Tell the operator              | false
        403 | DefenderDeniesUser         | Not for you                                | the role View Data             | false
        502 | FederatedCredentialMissing | This app cannot ask as you                 | infra/delegate.sh              | false
        418 | Teapot                     | The app answered 418, Teapot               | AADSTS50105                    | false
        """)
    void saysWhoMustDoWhat(int status, String code, String headline, String action, boolean signIn) throws Exception {
        try (AnalystFront front = AnalystFront.start()) {
            front.refuseNext(status, code == null ? "" : code, "Entra says AADSTS50105.");
            askSignedIn(front, "da_1");
            browser.await("#headline", headline);

            assertThat(browser.text("#notices")).contains(action);
            assertThat(browser.count("#notices a")).isEqualTo(signIn ? 1 : 0);
            assertThat(stored().contains("da_1")).isEqualTo(signIn);
            browser.click("#again");
            browser.await("#headline", "1 user found for 1 alert");
        }
    }

    @Test
    void keepsEverythingWhileTheConnectionIsLost() throws Exception {
        try (AnalystFront front = AnalystFront.start()) {
            front.answerNext(AnalystFront.found("da_1", "{\"accountName\":\"anna\"}"), AnalystFront.inLine("da_2", 1));
            front.breakOffNext();
            askSignedIn(front, "da_1 da_2");
            browser.await("#headline", "The connection to the app is lost");

            assertThat(browser.text("#rows strong")).isEqualTo("anna");
            assertThat(browser.text("#notices")).contains("The page tries again by itself");
            browser.await("#headline", "2 users found for 2 alerts");
            assertThat(front.received()).hasSize(3);
            assertThat(front.received().get(2).alertIds()).containsExactly("da_2");
        }
    }

    @Test
    void triesAgainAtOnceWhenTheDeviceIsOnlineAgain() throws Exception {
        try (AnalystFront front = AnalystFront.start()) {
            browser.open(front.url("/api/analyst"));
            // Nothing else than the event can make it try again.
            browser.run("window.setTimeout = () => 0");
            browser.offline(true);
            browser.paste("#alerts", "da_1");
            browser.click(".primary");
            browser.await("#headline", "The connection to the app is lost");
            browser.offline(false);

            browser.await("#headline", "1 user found for 1 alert");
        } finally {
            browser.offline(false);
        }
    }

    private static void ask(String text) {
        browser.open(app.url(PAGE));
        browser.paste("#alerts", text);
        browser.click(".primary");
    }

    private static void askSignedIn(AnalystFront front, String text) {
        browser.open(front.url("/api/analyst"));
        browser.paste("#alerts", text);
        browser.click(".primary");
    }

    private static List<String> texts(String selector) {
        return ((List<?>) browser.run(
                        "return [...document.querySelectorAll(arguments[0])].map(e => e.innerText)", selector))
                .stream().map(String::valueOf).toList();
    }

    private static Object focused(String member) {
        return browser.run("return document.activeElement." + member);
    }

    private static String attribute(String selector, String name) {
        return String.valueOf(
                browser.run("return document.querySelector(arguments[0]).getAttribute(arguments[1])", selector, name));
    }

    /** A carriage return is written out, since none comes over from the driver. */
    private static String clipboard() {
        return String.valueOf(browser.runAsync("const done = arguments[arguments.length - 1];"
                + "navigator.clipboard.readText().then(text => done(text.replaceAll('\\r', '<CR>')))"));
    }

    private static String stored() {
        return String.valueOf(browser.run("return JSON.stringify({...localStorage, ...sessionStorage})"));
    }

    private static void assertNothingForeign() throws Exception {
        assertThat(browser.complaints()).isEmpty();
        assertThat(browser.requests())
                .isNotEmpty()
                .allMatch(url -> url.equals(app.url(PAGE))
                        || url.equals(app.url("/api/alerts/users"))
                        || url.startsWith("data:image/svg+xml,"));
        assertThat(browser.run("return history.length + ' ' + location.hash + ' ' + document.cookie")
                        .toString())
                .doesNotContain("user");
        assertThat(stored()).isEqualTo("{}");
    }

    private static String id() {
        return "da" + UUID.randomUUID();
    }
}
