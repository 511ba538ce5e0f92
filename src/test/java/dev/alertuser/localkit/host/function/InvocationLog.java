package dev.alertuser.localkit.host.function;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * The way of a function's log lines into the host's log. As in the worker, {@code CONFIG} and below are hidden, parameters are not
 * filled in, and what comes after the end of the call is dropped.
 */
final class InvocationLog extends Handler {
    private final String prefix;
    private final Logger hostLog;
    private final Logger logger = Logger.getAnonymousLogger();
    private volatile boolean closed;

    InvocationLog(String prefix, Logger hostLog) {
        this.prefix = prefix;
        this.hostLog = hostLog;
        setLevel(Level.INFO);
        logger.setUseParentHandlers(false);
        logger.addHandler(this);
    }

    Logger logger() {
        return logger;
    }

    @Override
    public void publish(LogRecord record) {
        if (!closed && isLoggable(record)) {
            hostLog.log(record.getLevel(), prefix + record.getMessage(), record.getThrown());
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        closed = true;
    }
}
