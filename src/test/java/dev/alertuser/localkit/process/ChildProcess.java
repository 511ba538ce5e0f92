package dev.alertuser.localkit.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A child process that this JVM does not leave behind: it gets SIGTERM when the JVM ends in order, and its standard input
 * is a pipe whose end it can notice when the JVM was killed. Thread-safe.
 */
final class ChildProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** Enough to tell why a start failed; what a program prints later only goes to its log. */
    private static final int LINES_KEPT = 200;

    private final String name;
    private final Process process;
    private final Thread reader;
    private final Thread hook;
    private final List<String> lines = new ArrayList<>();
    private boolean outputEnded;

    private ChildProcess(String name, Process process, Consumer<String> log) {
        this.name = name;
        this.process = process;
        this.reader = new Thread(() -> read(log), "output of " + name);
        this.hook = new Thread(this::end, "end of " + name);
        reader.setDaemon(true);
        reader.start();
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Starts the program; each line of its standard output goes to {@code log}. */
    static ChildProcess start(String name, ProcessBuilder program, Consumer<String> log) {
        try {
            return new ChildProcess(name, program.start(), log);
        } catch (IOException e) {
            throw new UncheckedIOException(name + " did not start: " + e.getMessage(), e);
        }
    }

    /**
     * Waits until {@code count} lines of the output match.
     *
     * @throws IllegalStateException with the program's own output, if it ends or the time is up before that
     */
    synchronized List<MatchResult> awaitLines(Pattern pattern, int count, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        List<MatchResult> found = matches(pattern);
        while (found.size() < count) {
            long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (outputEnded || millis <= 0) {
                String why = outputEnded ? " ended early" : " was not ready within " + timeout.toSeconds() + " s";
                throw new IllegalStateException(name + why + ". It said:\n" + String.join("\n", lines));
            }
            try {
                wait(millis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for " + name, e);
            }
            found = matches(pattern);
        }
        return found;
    }

    private List<MatchResult> matches(Pattern pattern) {
        return lines.stream()
                .map(pattern::matcher)
                .filter(Matcher::find)
                .map(Matcher::toMatchResult)
                .toList();
    }

    private void read(Consumer<String> log) {
        try (BufferedReader output = process.inputReader()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                log.accept(line);
                keep(line);
            }
        } catch (IOException e) {
            keep("(its output broke off: " + e.getMessage() + ")");
        } finally {
            endOutput();
        }
    }

    private synchronized void keep(String line) {
        if (lines.size() < LINES_KEPT) {
            lines.add(line);
            notifyAll();
        }
    }

    private synchronized void endOutput() {
        outputEnded = true;
        notifyAll();
    }

    long pid() {
        return process.pid();
    }

    /** Completes when the program has ended, for whatever reason. */
    CompletableFuture<Process> onEnd() {
        return process.onExit();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** SIGKILL: the program gets no chance to tidy up. Returns when it is gone. */
    void kill() {
        process.destroyForcibly();
        endsSoon();
        removeHook();
    }

    /** SIGTERM, and SIGKILL when that did not help within 10 s. Returns when the program is gone. */
    @Override
    public void close() {
        end();
        removeHook();
    }

    private void end() {
        // Not Process.destroy, which closes the pipes too: the last words would be lost.
        process.toHandle().destroy();
        if (!endsSoon()) {
            process.destroyForcibly();
            endsSoon();
        }
    }

    private boolean endsSoon() {
        try {
            boolean ended = process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (ended) {
                reader.join(PATIENCE.toMillis());
            }
            return ended;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void removeHook() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is ending already, and the hook finds nothing left to do.
        }
    }
}
