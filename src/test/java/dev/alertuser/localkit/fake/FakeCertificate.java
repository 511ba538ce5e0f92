package dev.alertuser.localkit.fake;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate for {@code localhost} that {@code keytool} makes anew, and the store that holds it with its key. */
public final class FakeCertificate {
    private static final String PASSWORD = "made-up-at-test-time";

    private final Path store;

    private FakeCertificate(Path store) {
        this.store = store;
    }

    /** Makes one, in a file of that directory. */
    public static FakeCertificate make(Path directory) throws IOException, InterruptedException {
        Path store = Files.createDirectories(directory).resolve("localhost.p12").toAbsolutePath();
        Files.deleteIfExists(store);
        Process keytool = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "localhost",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=dns:localhost,ip:127.0.0.1",
                        "-validity",
                        "1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD))
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (keytool.waitFor() != 0) {
            throw new IOException("keytool made no certificate: " + said);
        }
        return new FakeCertificate(store);
    }

    /** The options of a JVM that trusts this certificate and no other. */
    public String trust() {
        return "-Djavax.net.ssl.trustStore=" + store + " -Djavax.net.ssl.trustStorePassword=" + PASSWORD;
    }

    /** PKCS12, with the certificate and its key. */
    Path store() {
        return store;
    }

    String password() {
        return PASSWORD;
    }

    /** For a client of Netty in this JVM that trusts this certificate and no other. */
    SslContext clientContext() {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(load());
            return SslContextBuilder.forClient().trustManager(factory).build();
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("the certificate just made does not load", e);
        }
    }

    private KeyStore load() throws IOException, GeneralSecurityException {
        try (InputStream file = Files.newInputStream(store)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(file, PASSWORD.toCharArray());
            return keys;
        }
    }

    /** For a client of the JDK in this JVM that trusts this certificate and no other. */
    SSLContext trustingContext() {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(load());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, factory.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("the certificate just made does not load", e);
        }
    }

    SSLContext context() {
        try {
            KeyStore keys = load();
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(keys, PASSWORD.toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(factory.getKeyManagers(), null, null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("the certificate just made does not load", e);
        }
    }
}
