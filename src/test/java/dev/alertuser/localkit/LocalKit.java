package dev.alertuser.localkit;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The whole app on this machine, and its main job before the reader's eyes. {@code mvn -Plocal} runs it until Ctrl-C, and
 * {@code mvn -Plocal -Dlocal.once} until the demonstration is over, with exit code 0 if it went well.
 */
public final class LocalKit implements AutoCloseable {
    private static final String STORAGE = "UseDevelopmentStorage=true";
    private static final Path DATA = Path.of("target", "local", "azurite");
    private static final Path LOG = Path.of("target", "local-host.log");
    private static final int DEFENDER_PORT = 7072;
    private static final int HOST_PORT = 7071;

    private final Azurite azurite;
    private final FakeDefender defender;
    private final FakeIdentity identity;
    private final HostProcess host;

    /** Something that the reader can mend; the message is all there is to say. */
    private static final class StartException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        StartException(String message) {
            super(message);
        }
    }

    private LocalKit(PrintStream out) {
        requireFree(Azurite.Ports.DEFAULT.blob(), "Azurite, for blobs,");
        requireFree(Azurite.Ports.DEFAULT.queue(), "Azurite, for queues,");
        requireFree(Azurite.Ports.DEFAULT.table(), "Azurite, for tables,");
        requireFree(DEFENDER_PORT, "the fake Defender");
        requireFree(HOST_PORT, "the local Functions host");
        azurite = Azurite.at(DATA, Azurite.Ports.DEFAULT);
        out.println("  Azurite            ports 10000 to 10002, data in " + DATA);
        identity = FakeIdentity.start();
        out.println("  fake identity      " + identity.endpoint());
        defender = FakeDefender.start(DEFENDER_PORT, InstantSource.system());
        defender.accept(identity::isGood);
        out.println("  fake Defender      http://localhost:" + DEFENDER_PORT + "   100 calls a minute, 1500 an hour");
        host = HostProcess.start(environment(), LOG, HOST_PORT);
        out.println("  Functions host     " + host.baseUri() + "   log in " + LOG);
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(identity.environment());
        environment.put("AzureWebJobsStorage", STORAGE);
        environment.put("DEFENDER_API_URL", "http://localhost:" + DEFENDER_PORT);
        return environment;
    }

    private static void requireFree(int port, String user) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            if (!socket.isBound()) {
                throw new IOException();
            }
        } catch (IOException e) {
            throw new StartException(
                    "Port " + port + ", which " + user + " needs, is taken. Does another one of these run?");
        }
    }

    /** Ends the host first: it still needs the others. */
    @Override
    public void close() {
        host.close();
        defender.close();
        identity.close();
        azurite.close();
    }

    /** Runs the kit; {@code -Dlocal.once} ends it after the demonstration. */
    public static void main(String... arguments) throws InterruptedException {
        Logger.getLogger("").setLevel(Level.OFF);
        boolean once = System.getProperty("local.once") != null;
        System.exit(run(System.out, once) ? 0 : 1);
    }

    private static boolean run(PrintStream out, boolean once) throws InterruptedException {
        out.println("\ndefender-alert-user on this machine\n");
        try (LocalKit kit = new LocalKit(out)) {
            Demonstration demonstration = new Demonstration(kit.host.baseUri(), STORAGE, out);
            boolean good = demonstration.run();
            out.println(good ? "\nBoth answers are right." : "\nThat went wrong; the reason stands in " + LOG + ".");
            if (!once) {
                demonstration.suggest();
                out.println("\nCtrl-C ends all of it.");
                kit.host.awaitEnd();
                out.println("\nThe Functions host has ended; the reason stands in " + LOG + ".");
            }
            return good && once;
        } catch (StartException e) {
            out.println(e.getMessage());
            return false;
        }
    }
}
