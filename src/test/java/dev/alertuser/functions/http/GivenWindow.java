package dev.alertuser.functions.http;

import dev.alertuser.service.budget.BudgetReport.Window;
import dev.alertuser.service.budget.ByPriority;
import java.time.Duration;

/** Windows of a budget with defaults for what a test does not name. */
final class GivenWindow {
    private GivenWindow() {}

    static Window of(int quota, Duration length, int free, Duration reset) {
        return new Window(quota, length, 0, new ByPriority<>(quota - free, 0), new ByPriority<>(free, free), reset);
    }
}
