package dev.alertuser.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.alertuser.ratelimit.LineReport.Caller;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineReportTest {
    @Test
    void countsVisits() {
        List<Caller> callers = new ArrayList<>();
        for (int visits = 1; visits <= 20; visits++) {
            callers.add(new Caller(0, 1, 2, visits));
        }

        LineReport report = LineReport.of(callers, 0);

        assertThat(report.visits()).isCloseTo(10.5, within(1e-9));
        assertThat(report.visits95()).isEqualTo(19);
        assertThat(report.mostVisits()).isEqualTo(20);
    }

    @Test
    void onlyWhoCameAfterAnotherWasToldItsTimeOvertakesIt() {
        Caller told = new Caller(0, 10, 1000, 2);
        Caller atOnce = new Caller(5, 15, 100, 2);
        Caller later = new Caller(20, 30, 100, 2);

        LineReport report = LineReport.of(List.of(told, atOnce, later), 0);

        // atOnce was told before later came, too, and is served at the same time.
        assertThat(report.pairs()).isEqualTo(2);
        assertThat(report.overtaken()).isEqualTo(0.5);
    }

    @Test
    void leavesOutWhoIsAheadByLittle() {
        List<Caller> callers = List.of(new Caller(0, 10, 1000, 2), new Caller(20, 30, 900, 2));

        assertThat(LineReport.of(callers, 100).overtaken()).isZero();
        assertThat(LineReport.of(callers, 99).overtaken()).isOne();
    }
}
