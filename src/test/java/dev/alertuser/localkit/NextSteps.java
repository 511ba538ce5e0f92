package dev.alertuser.localkit;

import dev.alertuser.localkit.fake.FakeDefender;
import dev.alertuser.localkit.fake.FakeDefenderFailure;
import java.io.PrintStream;
import java.net.URI;

/** What a reader may try next, ready to be pasted. */
final class NextSteps {
    private final String api;
    private final PrintStream out;

    private NextSteps(URI baseUri, PrintStream out) {
        this.api = baseUri + "/api";
        this.out = out;
    }

    static void print(URI baseUri, long azurite, boolean signIn, PrintStream out) {
        NextSteps steps = new NextSteps(baseUri, out);
        out.println("\nNow you:");
        steps.print(azurite);
        if (signIn) {
            steps.printSignIns();
        }
    }

    /** The redirect after the sign-in is the question. */
    private void printSignIns() {
        String login = api.replaceFirst("/api$", "/.auth/login/aad?user=");
        String question = "&post_login_redirect_uri=/api/me/alerts/server_1/user'";
        curl("as Ada, who may see the alert, and as Bob, who may not", "-iL -b '' '" + login + "Ada" + question);
        curl(null, "-iL -b '' '" + login + "Bob" + question);
    }

    private void print(long azurite) {
        step("the page for analysts, in a browser: paste " + FakeDefender.SEED_ALERT, api + "/analyst");
        curl(
                "the same answer again, only if it changed",
                "-i -H 'If-None-Match: *' " + api + "/alerts/" + FakeDefender.SEED_ALERT + "/user");
        curl(
                "several at once",
                "-H 'Content-Type: application/json' -d '{\"alertIds\":[\"" + FakeDefender.SEED_ALERT
                        + "\",\"missing_1\"]}' " + api + "/alerts/users");
        curl("no waiting for a permit", "-i -H 'Prefer: wait=0' " + api + "/alerts/some_alert/user");
        curl("an id that cannot be one", "-i " + api + "/alerts/not.an.id/user");
        curl(
                "Defender's errors, by how the id begins: " + FakeDefenderFailure.list(),
                "-i " + api + "/alerts/missing_1/user");
        curl(null, "-i " + api + "/alerts/down_1/user");
        step(
                "a message to the queue, and its result",
                "mvn -q -Plocal -Dexec.mainClass=" + SendRequest.class.getName() + " -Dexec.args=some_alert");
        curl("the budget, and who used it", api + "/budget");
        step("the same to look at, in a browser", api + "/budget");
        step("storage that hangs, until kill -CONT", "kill -STOP " + azurite);
        step("other settings for the next run, from the environment", "RATE_LIMITS=3/PT1M mvn -Plocal");
    }

    private void curl(String what, String arguments) {
        step(what, "curl -sS " + arguments);
    }

    private void step(String what, String command) {
        if (what != null) {
            out.println("  # " + what);
        }
        out.println("  " + command);
    }
}
