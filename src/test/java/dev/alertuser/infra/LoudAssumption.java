package dev.alertuser.infra;

import org.opentest4j.TestAbortedException;

/**
 * Skips a test so that it is seen: a line on the console beside JUnit's own report. With {@code -Dstrict} the test fails instead, so that
 * a build server cannot go green on checks that it left out.
 */
public final class LoudAssumption {
    private LoudAssumption() {}

    public static void assumeLoudly(boolean holds, String otherwise) {
        assumeLoudly(holds, otherwise, isStrict());
    }

    private static boolean isStrict() {
        String strict = System.getProperty("strict", "false");
        return strict.isEmpty() || Boolean.parseBoolean(strict);
    }

    static void assumeLoudly(boolean holds, String otherwise, boolean strict) {
        if (holds) {
            return;
        }
        if (strict) {
            throw new AssertionError("NOT CHECKED, which -Dstrict does not allow: " + otherwise);
        }
        System.err.println("NOT CHECKED: " + otherwise);
        throw new TestAbortedException(otherwise);
    }
}
