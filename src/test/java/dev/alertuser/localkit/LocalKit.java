package dev.alertuser.localkit;

import dev.alertuser.localkit.Demonstration.Verdict;
import dev.alertuser.localkit.fake.FakeCertificate;
import dev.alertuser.localkit.fake.FakeDefender;
import dev.alertuser.localkit.fake.FakeEntra;
import dev.alertuser.localkit.fake.FakeIdentity;
import dev.alertuser.localkit.process.Azurite;
import dev.alertuser.localkit.process.CtrlC;
import dev.alertuser.localkit.process.HostProcess;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * The whole app on this machine, and its main job before the reader's eyes. {@code mvn -Plocal} runs it until Ctrl-C, and
 * {@code mvn -Plocal -Dlocal.once} until the demonstration is over, with exit code 0 unless an answer was wrong.
 *
 * <p>Each run begins with empty storage, as the fake Defender does with its own count of calls: queued requests and a spent budget of
 * an earlier run would stand before the demonstration, which a newcomer wants to see at once. Who tries out what outlives a restart says
 * {@code -Dlocal.keep}.
 */
public final class LocalKit implements AutoCloseable {
    /** The exit code of a program that Ctrl-C ended: 128 and the number of the signal. */
    private static final int INTERRUPTED = 130;

    private final Place place;
    private final boolean keep;
    private final boolean signIn;
    private final PrintStream out;
    private final Deque<Runnable> ends = new ConcurrentLinkedDeque<>();
    private volatile boolean closed;

    /** Where a kit keeps its data and its log, and where it listens; port 0 stands for any free one. */
    record Place(Path data, Path log, Azurite.Ports storage, int defenderPort, int hostPort) {
        static final Place USUAL = new Place(
                Path.of("target", "local", "azurite"),
                Path.of("target", "local-host.log"),
                Azurite.Ports.DEFAULT,
                7072,
                7071);
    }

    /** The parts of a kit that started. */
    private record Parts(Azurite azurite, HostProcess host, EarlierRun earlier) {}

    /** Something that the reader can mend; the message is all there is to say. */
    private static final class StartException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        StartException(String message) {
            super(message);
        }
    }

    /**
     * A kit that has not started.
     *
     * @param keep whether it goes on with the data of the run before
     * @param signIn whether users sign in, and ask with their own rights
     */
    LocalKit(Place place, boolean keep, boolean signIn, PrintStream out) {
        this.place = place;
        this.keep = keep;
        this.signIn = signIn;
        this.out = out;
    }

    /**
     * Runs the kit; {@code -Dlocal.once} ends it after the demonstration, {@code -Dlocal.keep} goes on with the data of the run before,
     * {@code -Dlocal.signIn} has analysts sign in.
     */
    public static void main(String... arguments) {
        Logger.getLogger("").setLevel(Level.OFF);
        LocalKit kit = new LocalKit(Place.USUAL, isSet("local.keep"), isSet("local.signIn"), System.out);
        CompletableFuture<Integer> exitCode = new CompletableFuture<>();
        CtrlC.on(() -> {
            boolean first = exitCode.complete(INTERRUPTED);
            if (!first) {
                endAtOnce();
            }
        });
        Thread thread = new Thread(() -> exitCode.complete(kit.run(isSet("local.once"))), "kit");
        thread.setDaemon(true);
        thread.start();
        if (exitCode.join() == INTERRUPTED) {
            System.out.println("\nStopping. A second Ctrl-C ends all of it at once.");
        }
        kit.close();
        System.exit(exitCode.join());
    }

    private static boolean isSet(String property) {
        return System.getProperty(property) != null;
    }

    private static void endAtOnce() {
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
        Runtime.getRuntime().halt(INTERRUPTED);
    }

    /** Returns the exit code: after the demonstration if that is all, or else when a part has ended of which the others have need. */
    int run(boolean once) {
        try {
            out.println("\ndefender-alert-user on this machine\n");
            Parts parts = start();
            Verdict verdict = demonstrate(parts);
            if (once) {
                return verdict == Verdict.WRONG ? 1 : 0;
            }
            NextSteps.print(parts.host().baseUri(), parts.azurite().pid(), signIn, out);
            out.println("\nCtrl-C ends all of it.");
            awaitEnd(parts);
        } catch (StartException e) {
            out.println(e.getMessage());
        } catch (IOException | RuntimeException e) {
            // Being closed, the parts fail one another.
            if (!closed) {
                out.println("\n" + e.getMessage());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 1;
    }

    private Parts start() throws IOException, InterruptedException {
        // Its port is held from here on: of two kits that start at the same moment, one gets no further than this, and
        // never touches the data of the other.
        FakeDefender defender = startDefender();
        requireFree(place.storage().blob(), "Azurite, for blobs,");
        requireFree(place.storage().queue(), "Azurite, for queues,");
        requireFree(place.storage().table(), "Azurite, for tables,");
        requireFree(place.hostPort(), "the local Functions host");
        boolean emptied = !keep && empty(place.data());
        Azurite azurite = Azurite.at(place.data(), place.storage());
        ends.push(azurite::close);
        Azurite.Ports ports = azurite.ports();
        out.println("  Azurite            ports " + ports.blob() + " (blobs), " + ports.queue() + " (queues), "
                + ports.table() + " (tables), data in " + place.data());
        if (emptied) {
            out.println(
                    "                     emptied; with -Dlocal.keep a run goes on with the data of the one before");
        }
        FakeIdentity identity = signIn ? FakeIdentity.startUserAssigned() : FakeIdentity.start();
        ends.push(identity::close);
        out.println("  fake identity      " + identity.endpoint());
        out.println("  fake Defender      " + defender.url() + "   100 calls a minute, 1500 an hour");
        Map<String, String> environment = environment(azurite, identity, defender);
        if (signIn) {
            environment.putAll(signInInFront());
        }
        HostProcess host = HostProcess.start(environment, place.log(), place.hostPort(), out::println);
        ends.push(host::close);
        out.println("  Functions host     " + host.baseUri() + "   log in " + place.log());
        out.println("  settings           local.settings.json, and over it the environment");
        return new Parts(azurite, host, keep ? earlierRun(host) : EarlierRun.NONE);
    }

    private Map<String, String> signInInFront() throws IOException, InterruptedException {
        FakeCertificate certificate = FakeCertificate.make(place.data().resolveSibling("certificate"));
        FakeEntra entra = FakeEntra.start(certificate);
        ends.push(entra::close);
        out.println("  fake Entra ID      " + entra.url() + "   Ada sees all, Bob no alert server*, Cy none");
        Map<String, String> environment = new HashMap<>(entra.environment());
        environment.put("JAVA_TOOL_OPTIONS", certificate.trust());
        return environment;
    }

    private FakeDefender startDefender() {
        try {
            FakeDefender defender = FakeDefender.start(place.defenderPort(), InstantSource.system());
            ends.push(defender::close);
            return defender;
        } catch (UncheckedIOException e) {
            throw taken(place.defenderPort(), "the fake Defender");
        }
    }

    private static void requireFree(int port, String user) {
        if (LocalPort.isTaken(port)) {
            throw taken(port, user);
        }
    }

    private static StartException taken(int port, String user) {
        return new StartException(
                "Port " + port + ", which " + user + " needs, is taken. Does another one of these run?");
    }

    /** True if there was something. */
    private static boolean empty(Path data) throws IOException {
        if (!Files.exists(data)) {
            return false;
        }
        try (Stream<Path> files = Files.walk(data)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.delete(file);
            }
            return true;
        }
    }

    private static Map<String, String> environment(Azurite azurite, FakeIdentity identity, FakeDefender defender) {
        Map<String, String> environment = new HashMap<>(identity.environment());
        environment.put("AzureWebJobsStorage", azurite.connectionString());
        environment.put("DEFENDER_API_URL", defender.url().toString());
        return environment;
    }

    private EarlierRun earlierRun(HostProcess host) throws IOException, InterruptedException {
        EarlierRun earlier = EarlierRun.read(host.baseUri());
        out.println(
                "\nGoes on with the data of the run before: " + earlier + ". Without -Dlocal.keep it starts clean.");
        return earlier;
    }

    private Verdict demonstrate(Parts parts) throws IOException, InterruptedException {
        AppQueues queues = new AppQueues(parts.azurite().connectionString());
        Verdict verdict = new Demonstration(parts.host().baseUri(), queues, parts.earlier(), out).run();
        out.println("\n"
                + switch (verdict) {
                    case RIGHT -> "Both answers are right.";
                    case LATER -> "Nothing is wrong: what the run before left comes first.";
                    case WRONG ->
                        "That went wrong; the reason stands in " + place.log() + ", and that of a wrong setting at "
                                + parts.host().baseUri() + "/api/health/detail";
                });
        return verdict;
    }

    private void awaitEnd(Parts parts) {
        CompletableFuture<?> azurite = parts.azurite().onEnd();
        CompletableFuture.anyOf(azurite, parts.host().onEnd()).join();
        if (closed) {
            return;
        }
        out.println(
                azurite.isDone()
                        ? "\nAzurite has ended, and all the rest with it. 'mvn -Plocal -Dlocal.keep' goes on with its data."
                        : "\nThe Functions host has ended, and all the rest with it; the reason stands in "
                                + place.log() + ".");
    }

    /** Ends the host first: it still needs the others. */
    @Override
    public void close() {
        closed = true;
        ends.forEach(Runnable::run);
    }
}
