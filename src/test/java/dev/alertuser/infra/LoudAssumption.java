package dev.alertuser.infra;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Skips a test so that it is seen: a line on the console beside JUnit's own report. */
public final class LoudAssumption {
    private LoudAssumption() {}

    public static void assumeLoudly(boolean holds, String otherwise) {
        if (!holds) {
            System.err.println("NOT CHECKED: " + otherwise);
        }
        assumeTrue(holds, otherwise);
    }
}
