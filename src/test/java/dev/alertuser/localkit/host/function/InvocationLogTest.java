package dev.alertuser.localkit.host.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InvocationLogTest {
    private final Logger hostLog = Logger.getAnonymousLogger();
    private final List<String> lines = new ArrayList<>();
    private final InvocationLog log = new InvocationLog("[Function id] ", hostLog);

    @BeforeEach
    void capture() {
        hostLog.setUseParentHandlers(false);
        hostLog.setLevel(Level.ALL);
        hostLog.addHandler(new Handler() {
            @Override
            public void publish(LogRecord line) {
                lines.add(line.getLevel() + " " + line.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        });
    }

    @Test
    void prefixesLinesAndFillsNoParametersIn() {
        log.logger().log(Level.WARNING, "value {0}", "secret");

        assertThat(lines).containsExactly("WARNING [Function id] value {0}");
    }

    @Test
    void hidesWhatIsBelowInfo() {
        log.logger().setLevel(Level.ALL);
        log.logger().config("hidden");
        log.logger().info("shown");

        assertThat(lines).containsExactly("INFO [Function id] shown");
    }

    @Test
    void dropsWhatComesAfterTheCall() {
        log.close();
        log.logger().severe("too late");

        assertThat(lines).isEmpty();
    }
}
