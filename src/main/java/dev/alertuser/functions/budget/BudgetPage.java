package dev.alertuser.functions.budget;

import dev.alertuser.functions.http.Resources;
import dev.alertuser.service.alert.Sha256;
import java.util.Base64;

/**
 * The page that shows the budget: one document with inline style and script. Its policy allows these two by their hashes, requests to this
 * app, and nothing else.
 */
record BudgetPage(String html, String contentSecurityPolicy) {

    static BudgetPage load() {
        String style = Resources.text(BudgetPage.class, "budget.css");
        String script = Resources.text(BudgetPage.class, "budget.js");
        String html = Resources.text(BudgetPage.class, "budget.html")
                .replace("/*style*/", style)
                .replace("/*script*/", script);
        return new BudgetPage(
                html,
                "default-src 'none'; style-src " + hash(style) + "; script-src " + hash(script)
                        + "; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none';"
                        + " frame-ancestors 'none'");
    }

    private static String hash(String text) {
        return "'sha256-" + Base64.getEncoder().encodeToString(Sha256.of(text)) + "'";
    }
}
