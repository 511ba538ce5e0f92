package dev.alertuser.service.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.service.budget.BudgetReport.Window;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BudgetReportTest {

    /** The name is part of headers and of JSON, so it must be one that a token allows. */
    @ParameterizedTest
    @CsvSource({"PT1M, minute", "PT60S, minute", "PT1H, hour", "PT24H, day", "PT10S, pt10s", "PT1M30S, pt1m30s"})
    void namesAWindowByItsLength(Duration length, String name) {
        ByPriority<Integer> none = new ByPriority<>(0, 0);

        assertThat(new Window(100, length, 0, none, none, Duration.ZERO).name()).isEqualTo(name);
    }
}
