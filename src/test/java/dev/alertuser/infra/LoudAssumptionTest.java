package dev.alertuser.infra;

import static dev.alertuser.infra.LoudAssumption.assumeLoudly;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

class LoudAssumptionTest {
    @Test
    void letsATestGoOnThatHasWhatItNeeds() {
        assertThatCode(() -> assumeLoudly(true, "the page, for want of a browser", true))
                .doesNotThrowAnyException();
    }

    @Test
    void skipsATestThatLacksSomethingAndSaysSo() {
        PrintStream console = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setErr(new PrintStream(said, true, UTF_8));
        try {
            assertThatThrownBy(() -> assumeLoudly(false, "the page, for want of a browser", false))
                    .isInstanceOf(TestAbortedException.class);
        } finally {
            System.setErr(console);
        }

        assertThat(said.toString(UTF_8)).isEqualToIgnoringNewLines("NOT CHECKED: the page, for want of a browser");
    }

    @Test
    void failsInsteadWhereNothingMayBeLeftOut() {
        assertThatThrownBy(() -> assumeLoudly(false, "the page, for want of a browser", true))
                .isInstanceOf(AssertionError.class)
                .hasMessage("NOT CHECKED, which -Dstrict does not allow: the page, for want of a browser");
    }
}
