package dev.alertuser.localkit.host;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;
import java.util.stream.Stream;

/**
 * One line for each record: local time, level, message, and the causes of an exception. A stack trace follows only where it tells
 * something: not when storage or another server is out of reach, which each call during an outage would repeat.
 */
final class HostLogFormat extends Formatter {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");

    private final ZoneId zone;

    HostLogFormat(ZoneId zone) {
        this.zone = zone;
    }

    @Override
    public String format(LogRecord line) {
        String head = "%s %-7s %s"
                .formatted(
                        TIME.format(Instant.ofEpochMilli(line.getMillis()).atZone(zone)),
                        line.getLevel().getName(),
                        formatMessage(line));
        Throwable thrown = line.getThrown();
        if (thrown == null) {
            return head + System.lineSeparator();
        }
        return isOutOfReach(thrown)
                ? head + ": " + String.join(", caused by ", reasons(thrown)) + System.lineSeparator()
                : head + System.lineSeparator() + trace(thrown);
    }

    private static boolean isOutOfReach(Throwable thrown) {
        return causes(thrown).anyMatch(cause -> cause instanceof IOException || cause instanceof TimeoutException);
    }

    private static Stream<Throwable> causes(Throwable thrown) {
        return Stream.iterate(thrown, cause -> cause != null, Throwable::getCause);
    }

    /** Without the repetition of a cause that is only wrapped. */
    private static Set<String> reasons(Throwable thrown) {
        Set<String> reasons = new LinkedHashSet<>();
        causes(thrown).map(HostLogFormat::reason).forEach(reasons::add);
        return reasons;
    }

    private static String reason(Throwable cause) {
        String name = cause.getClass().getSimpleName();
        return cause.getMessage() == null
                ? name
                : name + " " + cause.getMessage().lines().findFirst().orElse("");
    }

    private static String trace(Throwable thrown) {
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace));
        return trace.toString();
    }
}
