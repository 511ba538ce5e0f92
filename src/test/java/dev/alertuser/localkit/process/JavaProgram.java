package dev.alertuser.localkit.process;

import java.io.File;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Classes of this build in JVMs of their own: small ones, since a test may need many on few cores. */
public final class JavaProgram {
    private JavaProgram() {}

    /** Not started yet. */
    public static ProcessBuilder of(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-cp",
                classPath(main.getClassLoader()),
                main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }

    /** That of the loader: Maven's exec:java runs us in a JVM whose own class path is Maven's. */
    static String classPath(ClassLoader loader) {
        return loader instanceof URLClassLoader urls
                ? Arrays.stream(urls.getURLs()).map(JavaProgram::file).collect(Collectors.joining(File.pathSeparator))
                : System.getProperty("java.class.path");
    }

    private static String file(URL url) {
        try {
            return Path.of(url.toURI()).toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
