package dev.alertuser.functions.budget;

import dev.alertuser.functions.budget.Notice.Level;
import dev.alertuser.service.budget.BudgetReport;
import dev.alertuser.service.budget.BudgetReport.Window;
import dev.alertuser.service.budget.RateLimiter.Cause;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Notices about unusual conditions, the worst first, each with the action to take.
 *
 * @param queues null if they are out of reach
 * @param requestMaxAge when a queued request expires
 * @param now for the age of requests
 */
record BudgetNotices(BudgetReport report, @Nullable Queues queues, Duration requestMaxAge, Instant now) {
    private static final Duration LONG_WAIT = Duration.ofHours(1);

    List<Notice> all() {
        List<Notice> notices = new ArrayList<>();
        if (queues == null) {
            notices.add(new Notice(
                    Level.ERROR,
                    "The queues cannot be read.",
                    "Check the storage account: its network rules, and the role Storage Queue Data Contributor of the"
                            + " app's identity.",
                    null));
        } else {
            addQueues(notices, queues);
        }
        addBudget(notices);
        notices.sort(Comparator.comparing(Notice::level).reversed());
        return notices;
    }

    private void addBudget(List<Notice> notices) {
        Optional<Window> spent = report.windows().stream()
                .filter(window -> window.free().interactive() == 0)
                .reduce((shorter, longer) -> longer);
        if (!report.paused().isZero() && report.cause() == Cause.RECOVERING) {
            notices.add(new Notice(
                    Level.WARNING,
                    "The counter of calls was lost or damaged, so all calls pause.",
                    "It was replaced by one that counts the last minute as full and the last hour as evenly used, and calls"
                            + " resume by themselves. Check what else can write to the table AlertUserBudget.",
                    report.at().plus(report.paused())));
        } else if (!report.paused().isZero()) {
            notices.add(new Notice(
                    Level.WARNING,
                    "Defender answered 429, so all calls pause.",
                    "Waiting callers continue by themselves when the pause is over. If pauses recur, another client uses"
                            + " this app's quota: look for other clients with the same identity, or lower RATE_LIMITS.",
                    report.at().plus(report.paused())));
        } else if (spent.isPresent()) {
            notices.add(new Notice(
                    Level.WARNING,
                    "The calls of " + span(spent.get()) + " are spent"
                            + (isUsed(spent.get()) ? "." : ", reserved or promised."),
                    "Nothing is broken: callers wait, or get a place in line and its time as Retry-After. Send large"
                            + " numbers of alerts through the queue.",
                    report.at().plus(report.nextPermit().interactive())));
        } else {
            Window longest = report.windows().get(report.windows().size() - 1);
            if (longest.free().interactive() * 10 < longest.quota()) {
                notices.add(new Notice(
                        Level.INFO,
                        "Less than a tenth of the calls of " + span(longest) + " is left.",
                        "The log shows what used them: its call lines name the entry and the permits.",
                        null));
            }
        }
    }

    private static boolean isUsed(Window window) {
        return window.used().interactive() + window.used().backlog() >= window.quota();
    }

    private static String span(Window window) {
        String name = window.name();
        return (name.startsWith("pt") ? "any " : "this ") + name;
    }

    private void addQueues(List<Notice> notices, Queues queues) {
        if (queues.poison().messages() > 0) {
            notices.add(new Notice(
                    Level.ERROR,
                    "There are requests in the poison queue.",
                    "Each failed five times and has no result yet. Check that the function AlertUserPoison is enabled; the"
                            + " log says why they failed.",
                    null));
        }
        Optional<Instant> oldest = queues.oldestRequest(requestMaxAge);
        if (oldest.isPresent() && oldest.get().plus(LONG_WAIT).isBefore(now)) {
            notices.add(new Notice(
                    Level.WARNING,
                    "The oldest request has waited for more than an hour.",
                    "If calls are free, check that the function AlertUserRequests is enabled; the code in its log lines"
                            + " gives the reason.",
                    null));
        }
        if (report.backlogServed().compareTo(requestMaxAge) > 0) {
            notices.add(new Notice(
                    Level.WARNING,
                    "The last requests of the queue will expire before their turn.",
                    "They end as expired after " + requestMaxAge + ". Send fewer at a time, or raise REQUEST_MAX_AGE.",
                    null));
        }
        boolean open = report.paused().isZero();
        boolean kept = report.windows().stream()
                .anyMatch(
                        window -> window.free().backlog() == 0 && window.free().interactive() > 0);
        if (open && kept && queues.requests().messages() > 0) {
            notices.add(new Notice(
                    Level.INFO,
                    "The queue waits: the calls that are left are kept for interactive callers.",
                    "It resumes by itself.",
                    report.at().plus(report.nextPermit().backlog())));
        }
    }
}
