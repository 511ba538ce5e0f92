package dev.alertuser.localkit.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class HostLogFormatTest {
    private final HostLogFormat format = new HostLogFormat(ZoneOffset.UTC);

    @Test
    void writesTimeLevelAndMessageInOneLine() {
        LogRecord line = record("queue {0} is out of reach", null);
        line.setParameters(new Object[] {"work"});

        assertThat(format.format(line)).isEqualTo("12:00:00.250 WARNING queue work is out of reach%n".formatted());
    }

    @Test
    void tellsAnOutageInOneLine() {
        Throwable refused = new IOException("Connection refused\nwith more");

        assertThat(format.format(record(
                        "the counter is out of reach",
                        new IllegalStateException(
                                "no row", new UncheckedIOException(refused.getMessage(), (IOException) refused)))))
                .isEqualTo(("12:00:00.250 WARNING the counter is out of reach: IllegalStateException no row,"
                                + " caused by UncheckedIOException Connection refused,"
                                + " caused by IOException Connection refused%n")
                        .formatted());
    }

    @Test
    void writesTheStackTraceOfAFault() {
        assertThat(format.format(record("Work failed", new IllegalStateException("a bug"))))
                .startsWith("12:00:00.250 WARNING Work failed%njava.lang.IllegalStateException: a bug%n".formatted())
                .contains("\tat dev.alertuser.localkit.host.HostLogFormatTest.writesTheStackTraceOfAFault(");
    }

    private static LogRecord record(String message, Throwable thrown) {
        LogRecord line = new LogRecord(Level.WARNING, message);
        line.setInstant(Instant.parse("2026-01-01T12:00:00.250Z"));
        line.setThrown(thrown);
        return line;
    }
}
