package dev.alertuser.localkit.host.function;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.HttpRequestMessage;
import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.azure.functions.annotation.BindingName;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.HttpTrigger;
import com.microsoft.azure.functions.annotation.QueueTrigger;
import com.microsoft.azure.functions.annotation.TimerTrigger;
import com.microsoft.azure.functions.annotation.WarmupTrigger;
import com.microsoft.azure.functions.spi.inject.FunctionInstanceInjector;
import dev.alertuser.localkit.host.settings.HostSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Finds functions by their annotations among the compiled classes of a package and those below it, as the packaging plugin does. What
 * this host could not serve fails here, with the function's name, rather than in a call.
 */
public final class FunctionScanner {
    private final HostSettings settings;
    private final FunctionInstanceInjector instances;

    /** @param instances makes the instances of the functions */
    public FunctionScanner(HostSettings settings, FunctionInstanceInjector instances) {
        this.settings = settings;
        this.instances = instances;
    }

    /** The functions that are not disabled, in the order of their names. */
    public List<FunctionDefinition> scan(String packageName) {
        List<FunctionDefinition> functions = new ArrayList<>();
        for (Class<?> type : classes(packageName)) {
            for (Method method : type.getDeclaredMethods()) {
                FunctionName name = method.getAnnotation(FunctionName.class);
                if (name != null && !settings.isDisabled(name.value())) {
                    functions.add(define(name.value(), method));
                }
            }
        }
        functions.sort((one, other) -> one.name().compareToIgnoreCase(other.name()));
        for (int i = 1; i < functions.size(); i++) {
            check(
                    !functions
                            .get(i)
                            .name()
                            .equalsIgnoreCase(functions.get(i - 1).name()),
                    functions.get(i).name(),
                    "is there twice");
        }
        return List.copyOf(functions);
    }

    private FunctionDefinition define(String name, Method method) {
        check(Modifier.isPublic(method.getModifiers()), name, "is not public");
        List<Trigger> triggers = new ArrayList<>();
        List<Function<Call, Object>> arguments = new ArrayList<>();
        for (Parameter parameter : method.getParameters()) {
            Trigger trigger = trigger(name, parameter);
            if (trigger != null) {
                triggers.add(trigger);
                arguments.add(Call::input);
            } else {
                arguments.add(argument(name, parameter));
            }
        }
        check(triggers.size() == 1, name, "has " + triggers.size() + " triggers that this host knows");
        check(
                !(triggers.get(0) instanceof Trigger.Http)
                        || HttpResponseMessage.class.isAssignableFrom(method.getReturnType()),
                name,
                "does not return an HttpResponseMessage");
        return new FunctionDefinition(name, method, triggers.get(0), List.copyOf(arguments), instances);
    }

    private Trigger trigger(String name, Parameter parameter) {
        HttpTrigger http = parameter.getAnnotation(HttpTrigger.class);
        if (http != null) {
            checkType(name, parameter, HttpRequestMessage.class);
            String route = http.route().isEmpty() ? name : settings.resolve(http.route());
            return new Trigger.Http(Route.parse(prefixed(route)), Set.of(http.methods()), http.authLevel());
        }
        QueueTrigger queue = parameter.getAnnotation(QueueTrigger.class);
        if (queue != null) {
            checkType(name, parameter, String.class);
            String connection = queue.connection().isEmpty() ? "AzureWebJobsStorage" : queue.connection();
            return new Trigger.Queue(settings.resolve(queue.queueName()), connection);
        }
        if (parameter.isAnnotationPresent(TimerTrigger.class)) {
            checkType(name, parameter, String.class);
            return new Trigger.Timer();
        }
        if (parameter.isAnnotationPresent(WarmupTrigger.class)) {
            check(parameter.getType().isAssignableFrom(String.class), name, "takes no text as its warm-up context");
            return new Trigger.Warmup();
        }
        return null;
    }

    private String prefixed(String route) {
        String prefix = settings.routePrefix();
        return prefix.isEmpty() ? route : prefix + "/" + route;
    }

    private static Function<Call, Object> argument(String name, Parameter parameter) {
        BindingName binding = parameter.getAnnotation(BindingName.class);
        if (binding != null) {
            checkType(name, parameter, String.class);
            return call -> metadata(call, binding.value());
        }
        checkType(name, parameter, ExecutionContext.class);
        return Call::context;
    }

    private static String metadata(Call call, String name) {
        String value = call.metadata().get(name);
        if (value == null) {
            throw new IllegalStateException("the trigger's metadata has no " + name + ", only "
                    + call.metadata().keySet().stream().sorted().toList());
        }
        return value;
    }

    private static void checkType(String name, Parameter parameter, Class<?> expected) {
        check(
                parameter.getType() == expected,
                name,
                "has a parameter of type " + parameter.getType().getName() + " where this host gives a "
                        + expected.getName());
    }

    private static void check(boolean good, String function, String problem) {
        if (!good) {
            throw new IllegalArgumentException("function " + function + " " + problem);
        }
    }

    private static List<Class<?>> classes(String packageName) {
        ClassLoader loader = FunctionScanner.class.getClassLoader();
        String directory = packageName.replace('.', '/');
        try {
            List<Class<?>> classes = new ArrayList<>();
            for (URL root : Collections.list(loader.getResources(directory))) {
                if (root.getProtocol().equals("file")) {
                    classes.addAll(classes(Path.of(URI.create(root.toString())), packageName, loader));
                }
            }
            if (classes.isEmpty()) {
                throw new IllegalArgumentException("no compiled function in package " + packageName
                        + " on the class path; 'mvn test-compile' makes them");
            }
            return classes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Class<?>> classes(Path directory, String packageName, ClassLoader loader) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            List<Class<?>> classes = new ArrayList<>();
            for (Path file : files.filter(path -> path.toString().endsWith(".class"))
                    .filter(FunctionScanner::hasFunction)
                    .toList()) {
                String path = directory.relativize(file).toString().replaceAll("[/\\\\]", ".");
                String name = packageName + "." + path.substring(0, path.length() - ".class".length());
                classes.add(load(name, loader));
            }
            return classes;
        }
    }

    /** Looks into the file: the platform reads the names of the classes in function.json, and loads no other class before the first call. */
    private static boolean hasFunction(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
                    .contains(FunctionName.class.descriptorString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Without running its static initialiser, whose failure belongs to the calls. */
    private static Class<?> load(String name, ClassLoader loader) {
        try {
            return Class.forName(name, false, loader);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("class " + name + " has a file but does not load", e);
        }
    }
}
