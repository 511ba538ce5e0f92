package dev.alertuser.functions;

import com.microsoft.azure.functions.annotation.FunctionName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All functions of the app, by their sources. */
public final class FunctionMethods {
    private static final Path SOURCES = Path.of("src/main/java");

    private FunctionMethods() {}

    /** The methods with {@link FunctionName}. */
    public static List<Method> all() {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.toString().endsWith("Function.java"))
                    .flatMap(file -> Arrays.stream(type(file).getDeclaredMethods()))
                    .filter(method -> method.isAnnotationPresent(FunctionName.class))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The names that log lines and operation ids carry. */
    public static Set<String> names() {
        return all().stream()
                .map(method -> method.getAnnotation(FunctionName.class).value())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Class<?> type(Path source) {
        String name = SOURCES.relativize(source).toString().replace(".java", "").replace('/', '.');
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
