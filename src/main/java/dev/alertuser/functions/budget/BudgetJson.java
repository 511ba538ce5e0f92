package dev.alertuser.functions.budget;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.alertuser.Names;
import dev.alertuser.functions.http.ErrorCode;
import dev.alertuser.functions.http.Json;
import dev.alertuser.functions.http.Seconds;
import dev.alertuser.service.CacheStats;
import dev.alertuser.service.budget.BudgetReport;
import dev.alertuser.service.budget.BudgetReport.History;
import dev.alertuser.service.budget.BudgetReport.Line;
import dev.alertuser.service.budget.BudgetReport.Window;
import dev.alertuser.service.budget.ByPriority;
import dev.alertuser.service.budget.RateLimiter.Cause;
import dev.alertuser.service.port.QueueState;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The state of the budget as JSON. Times are UTC; seconds are whole and rounded up, so that a caller that returns then is not too early.
 *
 * @param queues null if they are out of reach
 */
record BudgetJson(BudgetReport report, @Nullable Queues queues, CacheStats cache, Duration requestMaxAge, Instant now) {

    ObjectNode toJson() {
        ObjectNode json = Json.object().put("at", report.at().toString()).put("state", state());
        ArrayNode notices = json.putArray("notices");
        new BudgetNotices(report, queues, requestMaxAge, now).all().forEach(notice -> notices.add(notice.toJson()));
        ArrayNode windows = json.putArray("windows");
        report.windows().forEach(window -> windows.add(window(window)));
        json.set("nextPermit", nextPermit());
        json.put(
                "reservedPermits",
                report.reserved().interactive() + report.reserved().backlog());
        json.set("reserved", counts(report.reserved()));
        json.set("line", line(report.line()));
        json.set("pause", pause());
        json.set("history", history(report.history()));
        json.set("queues", queues == null ? null : queues(queues));
        json.set("forecast", queues == null ? null : forecast(queues));
        json.set("keptAnswers", cacheStats());
        return json;
    }

    private String state() {
        if (!report.paused().isZero()) {
            return "paused";
        }
        return report.windows().stream().anyMatch(window -> window.free().interactive() == 0) ? "spent" : "open";
    }

    private static ObjectNode window(Window window) {
        ObjectNode json = Json.object()
                .put("name", window.name())
                .put("seconds", window.length().toMillis() / 1000.0)
                .put("limit", window.quota())
                .put("reserve", window.reserve());
        json.set("used", counts(window.used()));
        json.set("free", counts(window.free()));
        return json.put("resetSeconds", Seconds.roundedUp(window.reset()));
    }

    private ObjectNode nextPermit() {
        ObjectNode json = Json.object();
        json.set("interactive", moment(report.nextPermit().interactive()));
        json.set("backlog", moment(report.nextPermit().backlog()));
        return json;
    }

    private ObjectNode line(Line line) {
        ObjectNode json = Json.object().put("promised", line.promised());
        json.set("last", line.last().map(this::moment).orElse(null));
        json.set(
                "place",
                line.place()
                        .map(place -> moment(place.turn()).put("position", place.position()))
                        .orElse(null));
        return json;
    }

    private @Nullable ObjectNode pause() {
        if (report.paused().isZero()) {
            return null;
        }
        ErrorCode reason =
                report.cause() == Cause.RECOVERING ? ErrorCode.BUDGET_RECOVERING : ErrorCode.DEFENDER_THROTTLED;
        return moment(report.paused()).put("reason", reason.code());
    }

    private static ObjectNode history(History history) {
        ObjectNode json = Json.object()
                .put("stepSeconds", history.step().toMillis() / 1000.0)
                .put("limit", history.limit());
        ArrayNode steps = json.putArray("steps");
        history.steps()
                .forEach(step ->
                        steps.add(counts(step.permits()).put("from", step.from().toString())));
        return json;
    }

    private ObjectNode queues(Queues queues) {
        ObjectNode requests = queue(Names.REQUESTS_QUEUE, queues.requests());
        requests.put(
                "oldestSeconds",
                queues.oldestRequest(requestMaxAge)
                        .map(oldest -> Math.max(0, Duration.between(oldest, now).toSeconds()))
                        .orElse(null));
        ObjectNode json = Json.object();
        json.set("requests", requests);
        json.set("results", queue(Names.RESULTS_QUEUE, queues.results()));
        json.set("poison", queue(Names.POISON_QUEUE, queues.poison()));
        return json;
    }

    private static ObjectNode queue(String name, QueueState state) {
        return Json.object().put("name", name).put("messages", state.messages());
    }

    private @Nullable JsonNode forecast(Queues queues) {
        long messages = queues.requests().messages();
        return messages == 0 ? null : moment(report.backlogServed()).put("messages", messages);
    }

    private ObjectNode cacheStats() {
        long lookups = cache.hits() + cache.misses();
        return Json.object()
                .put("hits", cache.hits())
                .put("misses", cache.misses())
                .put("hitRate", lookups == 0 ? null : Math.round(1000.0 * cache.hits() / lookups) / 1000.0);
    }

    private ObjectNode moment(Duration ahead) {
        return moment(report.at().plus(ahead));
    }

    /** A time that has come is zero seconds ahead. */
    private ObjectNode moment(Instant at) {
        Duration ahead = Duration.between(report.at(), at);
        return Json.object().put("at", at.toString()).put("seconds", ahead.isNegative() ? 0 : Seconds.roundedUp(ahead));
    }

    private static ObjectNode counts(ByPriority<Integer> counts) {
        return Json.object().put("interactive", counts.interactive()).put("backlog", counts.backlog());
    }
}
