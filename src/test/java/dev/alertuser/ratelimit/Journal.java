package dev.alertuser.ratelimit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** What a process did, one letter after another in a file: so it is known of a process that was killed, too. Thread-safe. */
final class Journal {
    private final Path file;

    Journal(Path file) {
        this.file = file;
    }

    enum Event {
        /** An acquire begins. */
        BEGIN('b'),
        /** An acquire and what it was for are over. */
        END('e'),
        /** A permit was charged and not used, since it came too late. */
        UNUSED('u'),
        /** An acquire failed; it may have charged a permit that nobody got. */
        FAILED('f'),
        /** A write had no answer. */
        AMBIGUOUS('a');

        private final char letter;

        Event(char letter) {
            this.letter = letter;
        }
    }

    /** Returns when the operating system has it: a kill of this process no longer loses it. */
    synchronized void note(Event... events) throws IOException {
        StringBuilder letters = new StringBuilder();
        for (Event event : events) {
            letters.append(event.letter);
        }
        Files.write(
                file,
                letters.toString().getBytes(StandardCharsets.US_ASCII),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    /** How often something was noted. */
    static long count(List<Path> files, Event event) throws IOException {
        long count = 0;
        for (Path file : existing(files)) {
            count += Files.readString(file, StandardCharsets.US_ASCII)
                    .chars()
                    .filter(letter -> letter == event.letter)
                    .count();
        }
        return count;
    }

    private static List<Path> existing(List<Path> files) {
        List<Path> existing = new ArrayList<>(files);
        existing.removeIf(file -> !Files.exists(file));
        return existing;
    }
}
