package dev.alertuser.functions.budget;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.alertuser.functions.http.Resources;
import dev.alertuser.service.CacheStats;
import dev.alertuser.service.budget.BudgetReport;
import dev.alertuser.service.budget.BudgetReport.History;
import dev.alertuser.service.budget.BudgetReport.Line;
import dev.alertuser.service.budget.BudgetReport.Place;
import dev.alertuser.service.budget.BudgetReport.Step;
import dev.alertuser.service.budget.BudgetReport.Window;
import dev.alertuser.service.budget.ByPriority;
import dev.alertuser.service.budget.RateLimiter.Cause;
import dev.alertuser.service.port.QueueState;
import dev.alertuser.service.port.QueueState.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BudgetJsonTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private int used = 37;
    private int free = 63;
    private int freeForBacklog = 23;
    private int freeThisHour = 417;
    private Line line = new Line(0, Optional.empty(), Optional.empty());
    private Duration paused = Duration.ZERO;
    private Cause cause = Cause.QUOTA;
    private Duration backlogServed = Duration.ZERO;
    private List<Waiting> waiting = List.of();
    private long messages;
    private long poison;
    private boolean queuesAreThere = true;

    @Test
    void showsTheWholeState() throws Exception {
        messages = 4200;
        backlogServed = Duration.ofMillis(10_600_001);
        line = new Line(40, Optional.of(NOON.plusMillis(61_001)), Optional.of(new Place(1, NOON.minusMillis(2_500))));
        waiting = List.of(
                new Waiting("da1", NOON.minusSeconds(60)),
                new Waiting(
                        "{\"alertId\":\"da2\",\"firstSeen\":\"2026-01-01T11:30:00Z\",\"deferrals\":3}",
                        NOON.minusSeconds(5)));

        assertThat(answer().toPrettyString())
                .isEqualToNormalizingNewlines(Resources.text(BudgetJsonTest.class, "budget-answer.json")
                        .strip());
    }

    @Test
    void countsTheAgeOfAnInvalidMessageFromItsInsertion() {
        messages = 1;
        waiting = List.of(new Waiting("{", NOON.minusSeconds(7)));

        assertThat(answer().at("/queues/requests/oldestSeconds").longValue()).isEqualTo(7);
    }

    @Test
    void explainsAPauseByDefender() {
        paused = Duration.ofMillis(29_001);
        cause = Cause.THROTTLED;
        free = 0;
        freeForBacklog = 0;
        freeThisHour = 0;

        JsonNode answer = answer();

        assertThat(answer.get("state").textValue()).isEqualTo("paused");
        assertThat(answer.get("pause").toString())
                .isEqualTo("{\"at\":\"2026-01-01T12:00:29.001Z\",\"seconds\":30,\"reason\":\"DefenderThrottled\"}");
        assertThat(notices(answer)).containsExactly("warning: Defender answered 429, so all calls pause.");
        assertThat(answer.at("/notices/0/action").textValue()).contains("RATE_LIMITS");
    }

    @Test
    void explainsALostCounterWithoutBlamingDefender() throws Exception {
        paused = Duration.ofMillis(29_001);
        cause = Cause.RECOVERING;

        JsonNode answer = answer();

        assertThat(answer.get("state").textValue()).isEqualTo("paused");
        assertThat(answer.at("/pause/reason").textValue()).isEqualTo("BudgetRecovering");
        assertThat(notices(answer))
                .containsExactly("warning: The counter of calls was lost or damaged, so all calls pause.");
        assertThat(answer.at("/notices/0/action").textValue()).contains("AlertUserBudget");
    }

    @Test
    void namesTheSpentWindow() {
        free = 0;
        used = 100;

        assertThat(answer().get("state").textValue()).isEqualTo("spent");
        assertThat(notices(answer())).containsExactly("warning: The calls of this minute are spent.");
    }

    @Test
    void doesNotCallSpentWhatIsReservedOrPromised() {
        freeThisHour = 0;

        assertThat(answer().get("state").textValue()).isEqualTo("spent");
        assertThat(notices(answer()))
                .containsExactly("warning: The calls of this hour are spent, reserved or promised.");
        assertThat(answer().at("/notices/0/action").textValue()).contains("a place in line");
    }

    @Test
    void warnsBeforeTheHourIsSpent() {
        freeThisHour = 149;

        assertThat(answer().get("state").textValue()).isEqualTo("open");
        assertThat(notices(answer())).containsExactly("info: Less than a tenth of the calls of this hour is left.");
    }

    @Test
    void explainsWhyTheQueueWaitsWhileCallsAreLeft() {
        freeForBacklog = 0;
        messages = 1;

        assertThat(notices(answer()))
                .containsExactly("info: The queue waits: the calls that are left are kept for interactive callers.");
    }

    @Test
    void sortsNoticesByLevel() {
        freeThisHour = 149;
        messages = 40_000;
        poison = 1;
        backlogServed = Duration.ofHours(25);
        waiting = List.of(new Waiting("da1", NOON.minusSeconds(3601)));

        assertThat(notices(answer()))
                .containsExactly(
                        "error: There are requests in the poison queue.",
                        "warning: The oldest request has waited for more than an hour.",
                        "warning: The last requests of the queue will expire before their turn.",
                        "info: Less than a tenth of the calls of this hour is left.");
    }

    @Test
    void showsTheBudgetIfTheQueuesAreOutOfReach() {
        queuesAreThere = false;

        assertThat(answer().get("queues").isNull()).isTrue();
        assertThat(answer().get("forecast").isNull()).isTrue();
        assertThat(notices(answer())).containsExactly("error: The queues cannot be read.");
        assertThat(answer().get("windows")).hasSize(2);
    }

    private static List<String> notices(JsonNode answer) {
        List<String> notices = new ArrayList<>();
        answer.get("notices")
                .forEach(notice -> notices.add(notice.get("level").textValue() + ": "
                        + notice.get("title").textValue()));
        return notices;
    }

    private JsonNode answer() {
        List<Window> windows = List.of(
                new Window(
                        100,
                        Duration.ofMinutes(1),
                        40,
                        new ByPriority<>(used - 25, 25),
                        new ByPriority<>(free, freeForBacklog),
                        Duration.ofMillis(11_001)),
                new Window(
                        1500,
                        Duration.ofHours(1),
                        75,
                        new ByPriority<>(98, 985),
                        new ByPriority<>(freeThisHour, Math.max(0, freeThisHour - 75)),
                        Duration.ofSeconds(31)));
        BudgetReport report = new BudgetReport(
                NOON,
                windows,
                new ByPriority<>(Duration.ZERO, Duration.ofMillis(2500)),
                paused,
                cause,
                new ByPriority<>(1, 2),
                line,
                new History(Duration.ofMinutes(1), 100, List.of(new Step(NOON, new ByPriority<>(1, 2)))),
                backlogServed);
        Queues queues = new Queues(
                new QueueState(messages, waiting), new QueueState(37, List.of()), new QueueState(poison, List.of()));
        return new BudgetJson(report, queuesAreThere ? queues : null, new CacheStats(1, 2), Duration.ofHours(24), NOON)
                .toJson();
    }
}
