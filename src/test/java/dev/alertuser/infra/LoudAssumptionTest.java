package dev.alertuser.infra;

import static dev.alertuser.infra.LoudAssumption.assumeLoudly;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

class LoudAssumptionTest {
    @Test
    void letsATestGoOnThatHasWhatItNeeds() {
        assertThatCode(() -> assumeLoudly(true, "the page, for want of a browser", true))
                .doesNotThrowAnyException();
    }

    @Test
    void skipsATestThatLacksSomething() {
        assertThatThrownBy(() -> assumeLoudly(false, "the page, for want of a browser", false))
                .isInstanceOf(TestAbortedException.class);
    }

    @Test
    void failsInsteadWhereNothingMayBeLeftOut() {
        assertThatThrownBy(() -> assumeLoudly(false, "the page, for want of a browser", true))
                .isInstanceOf(AssertionError.class)
                .hasMessage("NOT CHECKED, which -Dstrict does not allow: the page, for want of a browser");
    }
}
