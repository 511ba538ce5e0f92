package dev.alertuser.service;

import java.time.Duration;
import java.util.List;

/**
 * How much of the budget is left for interactive callers.
 *
 * @param windows one entry for each configured window, shortest first
 * @param paused time left of a pause, in which nothing is sent; zero when there is none
 */
public record BudgetStatus(List<Window> windows, Duration paused) {

    /**
     * One window of the budget.
     *
     * @param quota permits per window
     * @param length the window
     * @param remaining permits that are free now; 0 during a pause
     * @param reset until the next permit that is now counted leaves the window; zero when none is counted
     */
    public record Window(int quota, Duration length, int remaining, Duration reset) {}
}
