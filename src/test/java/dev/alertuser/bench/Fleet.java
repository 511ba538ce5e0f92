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

    private final String connectionString;
    private final List<Member> members = new ArrayList<>();

    /** One instance, by its standard input and output. */
    record Member(Process process, Writer in, BufferedReader out) {
        synchronized void say(String line) throws IOException {
            in.write(line + "\n");
            in.flush();
        }

        /** The words of its next line. */
        String[] hear() throws IOException {
            return String.valueOf(out.readLine()).split(" ", -1);
        }
    }

    /**
     * What one instance did in one phase.
     *
     * @param refusedMillis how long those had waited who had no permit at the end
     * @param preparation table operations before the phase
     */
    record Share(List<Use> uses, List<Long> refusedMillis, long preparation, long operations, long conflicts) {}

    Fleet(String connectionString, int instances) throws IOException {
        this.connectionString = connectionString;
        for (int i = 0; i < instances; i++) {
            Process process = JavaProgram.of(BenchInstance.class, connectionString, "" + i)
                    .redirectError(ProcessBuilder.Redirect.appendTo(LOG))
                    .start();
            members.add(new Member(process, process.outputWriter(), process.inputReader()));
        }
        for (Member member : members) {
            expect("ready", member.hear()[0]);
        }
    }

    int size() {
        return members.size();
    }

    /** Runs one phase in all instances at once, on a row of its own. */
    List<Share> run(Contender contender, Load load) throws IOException {
        begin(contender, load.name(), key(contender, load.name()), afterPreparation());
        List<Share> shares = new ArrayList<>();
        for (Member member : members) {
            shares.add(share(member));
        }
        return shares;
    }

    /** Lets a herd come to all instances, which find the long window spent. */
    Herd.Result herd(Contender contender) throws IOException {
        String key = key(contender, BenchInstance.HERD);
        long start = afterPreparation();
        contender.spend(BenchInstance.table(connectionString), key, start);
        begin(contender, BenchInstance.HERD, key, start);
        return Herd.run(members, start);
    }

    private static long afterPreparation() {
        return System.currentTimeMillis() + PREPARATION_MILLIS;
    }

    private String key(Contender contender, String phase) {
        return contender + "-" + phase + "-" + size();
    }

    private void begin(Contender contender, String phase, String key, long start) throws IOException {
        for (Member member : members) {
            member.say(String.join(" ", contender.name(), phase, key, "" + size(), "" + start));
        }
    }

    private static Share share(Member member) throws IOException {
        List<Use> uses = new ArrayList<>();
        List<Long> refusedMillis = new ArrayList<>();
        while (true) {
            String[] words = member.hear();
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

    static void expect(String expected, String found) {
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
