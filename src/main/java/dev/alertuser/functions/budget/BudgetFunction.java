package dev.alertuser.functions.budget;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.HttpMethod;
import com.microsoft.azure.functions.HttpRequestMessage;
import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.azure.functions.HttpStatus;
import com.microsoft.azure.functions.annotation.AuthorizationLevel;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.HttpTrigger;
import dev.alertuser.Application;
import dev.alertuser.Application.BudgetParts;
import dev.alertuser.functions.http.ApiError;
import dev.alertuser.functions.http.ErrorCode;
import dev.alertuser.functions.http.HttpCall;
import dev.alertuser.functions.http.HttpEdge;
import dev.alertuser.functions.http.InlinePage;
import dev.alertuser.functions.http.Json;
import dev.alertuser.functions.http.RequestException;
import dev.alertuser.functions.http.Responses;
import dev.alertuser.service.alert.AlertId;
import dev.alertuser.service.alert.InvalidAlertIdException;
import dev.alertuser.service.budget.BudgetReport;
import dev.alertuser.service.budget.BudgetUnavailableException;
import dev.alertuser.service.budget.QuestionKey;
import dev.alertuser.service.budget.RateLimiter;
import dev.alertuser.service.port.MessageQueueException;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** {@code GET /api/budget}: the state of the shared budget, as JSON, or for browsers as a page that polls that JSON. Costs no permit. */
public final class BudgetFunction {
    private final HttpEdge edge;
    private final Supplier<BudgetParts> parts;

    public BudgetFunction() {
        this(new HttpEdge(Application::edge), Application::budget);
    }

    BudgetFunction(HttpEdge edge, Supplier<BudgetParts> parts) {
        this.edge = edge;
        this.parts = parts;
    }

    @FunctionName("Budget")
    public HttpResponseMessage run(
            @HttpTrigger(
                            name = "request",
                            methods = {HttpMethod.GET, HttpMethod.HEAD},
                            route = "budget",
                            authLevel = AuthorizationLevel.FUNCTION)
                    HttpRequestMessage<Optional<String>> request,
            ExecutionContext context) {
        return wantsPage(request.getHeaders().get("accept"))
                ? HttpEdge.withoutApp().answer(request, context, (call, responses) -> page(responses))
                : edge.answer(request, context, (call, responses) -> state(call, responses, context.getLogger()));
    }

    /** A browser names HTML first; a caller that accepts any type gets JSON. */
    private static boolean wantsPage(@Nullable String accept) {
        if (accept == null || !accept.contains("text/html")) {
            return false;
        }
        int json = accept.indexOf("application/json");
        return json < 0 || accept.indexOf("text/html") < json;
    }

    /** Needs no part of the app, so that the page can show which one fails. */
    private static HttpResponseMessage page(Responses responses) {
        return InlinePage.load(BudgetFunction.class, "budget")
                .respond(responses)
                .header("Vary", "Accept")
                .build();
    }

    /** Null if the caller names no alert. */
    private static @Nullable QuestionKey question(HttpCall call) {
        String alertId = call.query("alertId");
        try {
            return alertId == null ? null : AlertId.parse(alertId).question();
        } catch (InvalidAlertIdException e) {
            throw new RequestException(ErrorCode.INVALID_ALERT_ID, e.getMessage());
        }
    }

    /** That of the app, or with {@code of=users} that of the users who ask with their own rights. */
    private static RateLimiter limiter(HttpCall call, BudgetParts budget) {
        String of = call.query("of");
        if (of == null) {
            return budget.limiter();
        } else if (!of.equals("users")) {
            throw new RequestException(
                    ErrorCode.INVALID_PREFERENCE, "the query parameter of must be users, or be left out");
        } else if (budget.users() == null) {
            throw new RequestException(ErrorCode.DELEGATION_NOT_CONFIGURED, null);
        }
        return budget.users();
    }

    private HttpResponseMessage state(HttpCall call, Responses responses, Logger log) throws InterruptedException {
        QuestionKey question = question(call);
        BudgetParts budget = parts.get();
        RateLimiter limiter = limiter(call, budget);
        Queues queues = null;
        try {
            queues = Queues.look(budget.queues());
        } catch (MessageQueueException e) {
            log.log(Level.WARNING, "the queues cannot be read, so the budget is shown without them", e);
        }
        BudgetReport report;
        try {
            report = limiter.report(queues == null ? 0 : queues.requests().messages(), question);
        } catch (BudgetUnavailableException e) {
            log.log(Level.SEVERE, "the counter of permits is out of reach", e);
            return responses.error(ApiError.of(
                    ErrorCode.BUDGET_UNAVAILABLE,
                    "The table that counts Defender calls is out of reach, and without it no call is made. Check the"
                            + " storage account: its network rules, and the role Storage Table Data Contributor of the"
                            + " app's identity."));
        }
        BudgetJson answer = new BudgetJson(
                report,
                queues,
                budget.cache().get(),
                budget.requestMaxAge(),
                budget.time().instant());
        return responses
                .respond(HttpStatus.OK)
                .header("Content-Type", Responses.JSON)
                .header("Cache-Control", "no-store")
                .header("Vary", "Accept")
                .body(Json.write(answer.toJson()))
                .build();
    }
}
