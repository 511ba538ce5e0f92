package dev.alertuser.functions;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.HttpMethod;
import com.microsoft.azure.functions.HttpRequestMessage;
import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.azure.functions.HttpStatus;
import com.microsoft.azure.functions.annotation.AuthorizationLevel;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.HttpTrigger;
import dev.alertuser.Application;
import dev.alertuser.Lazy;
import dev.alertuser.service.BudgetReport;
import dev.alertuser.service.BudgetUnavailableException;
import dev.alertuser.service.MessageQueueException;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /api/budget}: the state of the shared budget, as JSON, or for browsers as a page that asks for that JSON again and again. Costs
 * no permit.
 */
public final class BudgetFunction {
    private final Lazy<Application> application;

    public BudgetFunction() {
        this(Application.process());
    }

    BudgetFunction(Lazy<Application> application) {
        this.application = application;
    }

    @FunctionName("Budget")
    public HttpResponseMessage run(
            @HttpTrigger(
                            name = "request",
                            methods = {HttpMethod.GET},
                            route = "budget",
                            authLevel = AuthorizationLevel.FUNCTION)
                    HttpRequestMessage<Optional<String>> request,
            ExecutionContext context) {
        return wantsPage(request.getHeaders().get("accept"))
                ? HttpCall.answerWithoutBudget(request, context, BudgetFunction::page)
                : HttpCall.answer(request, context, application, call -> state(call, context.getLogger()));
    }

    /** A browser names HTML first; whoever takes anything gets JSON. */
    private static boolean wantsPage(@Nullable String accept) {
        if (accept == null || !accept.contains("text/html")) {
            return false;
        }
        int json = accept.indexOf("application/json");
        return json < 0 || accept.indexOf("text/html") < json;
    }

    /** Needs no part of the app to work, so that it can tell which one does not. */
    private static HttpResponseMessage page(HttpCall call) {
        BudgetPage page = BudgetPage.load();
        return call.respond(HttpStatus.OK)
                .header("Content-Type", "text/html; charset=utf-8")
                .header("Content-Security-Policy", page.contentSecurityPolicy())
                .header("Cache-Control", "no-store")
                .header("Vary", "Accept")
                // The address may hold the function key.
                .header("Referrer-Policy", "no-referrer")
                .body(page.html())
                .build();
    }

    private HttpResponseMessage state(HttpCall call, Logger log) throws InterruptedException {
        Application app = application.get();
        Queues queues = null;
        try {
            queues = Queues.look(app.queues());
        } catch (MessageQueueException e) {
            log.log(Level.WARNING, "the queues cannot be looked at, so the budget is told without them", e);
        }
        BudgetReport report;
        try {
            report = app.limiter().report(queues == null ? 0 : queues.requests().messages());
        } catch (BudgetUnavailableException e) {
            log.log(Level.SEVERE, "the counter of permits is out of reach", e);
            return call.error(ApiError.of(
                    ErrorCode.BUDGET_UNAVAILABLE,
                    "The table that counts Defender calls is out of reach, and without it none is made. Check the"
                            + " storage account: its network rules, and the role Storage Table Data Contributor of the"
                            + " app's identity."));
        }
        BudgetJson answer = new BudgetJson(
                report,
                queues,
                app.service().cacheStats(),
                app.settings().requestMaxAge(),
                app.time().instant());
        return call.respond(HttpStatus.OK)
                .header("Content-Type", HttpCall.JSON)
                .header("Cache-Control", "no-store")
                .header("Vary", "Accept")
                .body(Json.write(answer.toJson()))
                .build();
    }
}
