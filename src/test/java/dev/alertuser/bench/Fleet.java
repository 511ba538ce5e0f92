package dev.alertuser.bench;

import dev.alertuser.bench.Load.Use;
import dev.alertuser.localkit.process.JavaProgram;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;

/** Instances in JVMs of their own, which end when this is closed or this JVM is gone. */
final class Fleet implements AutoCloseable {
    /** For all instances to make their limiters. */
    private static final int PREPARATION_MILLIS = 3000;

    private static final File LOG = new File("target/bench.log");

    private final List<Member> members = new ArrayList<>();

    private record Member(Process process, Writer in, BufferedReader out) {}

    /**
     * What one instance did in one phase.
     *
     * @param refusedMillis how long those had waited who had no permit at the end
     * @param preparation table operations before the phase
     */
    record Share(List<Use> uses, List<Long> refusedMillis, long preparation, long operations, long conflicts) {}

    Fleet(String connectionString, int instances) throws IOException {
        for (int i = 0; i < instances; i++) {
            Process process = JavaProgram.of(BenchInstance.class, connectionString, "" + i)
                    .redirectError(ProcessBuilder.Redirect.appendTo(LOG))
                    .start();
            members.add(new Member(process, process.outputWriter(), process.inputReader()));
        }
        for (Member member : members) {
            expect("ready", member.out().readLine());
        }
    }

    int size() {
        return members.size();
    }

    /** Runs one phase in all instances at once, on a row of its own. */
    List<Share> run(Contender contender, Load load) throws IOException {
        long start = System.currentTimeMillis() + PREPARATION_MILLIS;
        String key = contender + "-" + load + "-" + size();
        for (Member member : members) {
            member.in().write(String.join(" ", contender.name(), load.name(), key, "" + size(), "" + start) + "\n");
            member.in().flush();
        }
        List<Share> shares = new ArrayList<>();
        for (Member member : members) {
            shares.add(share(member.out()));
        }
        return shares;
    }

    private static Share share(BufferedReader out) throws IOException {
        List<Use> uses = new ArrayList<>();
        List<Long> refusedMillis = new ArrayList<>();
        while (true) {
            String[] words = String.valueOf(out.readLine()).split(" ", -1);
            if (words[0].equals("done")) {
                return new Share(
                        uses,
                        refusedMillis,
                        Long.parseLong(words[1]),
                        Long.parseLong(words[2]),
                        Long.parseLong(words[3]));
            }
            if (words[0].equals("refused")) {
                refusedMillis.add(Long.valueOf(words[1]));
            } else {
                expect("use", words[0]);
                uses.add(new Use(Long.parseLong(words[1]), Long.parseLong(words[2])));
            }
        }
    }

    private static void expect(String expected, String found) {
        if (!expected.equals(found)) {
            throw new IllegalStateException(
                    "an instance said '" + found + "' instead of '" + expected + "'; see " + LOG);
        }
    }

    @Override
    public void close() {
        members.forEach(member -> member.process().destroyForcibly());
    }
}
