package dev.alertuser.endtoend.packaged;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.HttpMethod;
import com.microsoft.azure.functions.HttpRequestMessage;
import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.azure.functions.TraceContext;
import com.microsoft.azure.functions.spi.inject.FunctionInstanceInjector;
import dev.alertuser.functions.http.GivenRequest;
import dev.alertuser.localkit.host.function.LocalTraceContext;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.annotation.Annotation;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.UUID;
import java.util.logging.Logger;

/**
 * Calls the functions of a staged package as the Functions worker does: its own libraries are on the class path of the JVM and win; the
 * package's jar and {@code lib/} are in a class loader below, in no order; each call has a new instance of the function class, from
 * the package's injector. Reads
 * {@link Call}s from standard input and writes {@link Answer}s. Uses nothing but the JDK and the worker's libraries.
 */
final class PackageWorker {
    private final ClassLoader functions;
    private final FunctionInstanceInjector instances;

    private PackageWorker(ClassLoader functions) {
        this.functions = functions;
        this.instances =
                ServiceLoader.load(FunctionInstanceInjector.class).findFirst().orElseThrow();
    }

    /**
     * One call.
     *
     * @param entryPoint class and method, as {@code function.json} names them
     * @param text the body of an HTTP request, or what a trigger without HTTP hands over
     * @param data what {@code @BindingName} finds
     */
    record Call(
            String function,
            String entryPoint,
            String method,
            String url,
            Map<String, String> headers,
            Map<String, String> query,
            String text,
            Map<String, String> data)
            implements Serializable {
        private static final long serialVersionUID = 1;
    }

    /**
     * What became of a call.
     *
     * @param status 0 if the function returns nothing
     * @param failure the class and the message of what was thrown; null if nothing was
     */
    record Answer(int status, String location, String body, String failure) implements Serializable {
        private static final long serialVersionUID = 1;
    }

    /** Arguments: directory of the package, seed of the order of its jars. */
    public static void main(String... arguments) throws IOException, ClassNotFoundException {
        ObjectOutputStream answers = new ObjectOutputStream(System.out);
        // What the app prints must not get among the answers.
        System.setOut(System.err);
        ObjectInputStream calls = new ObjectInputStream(System.in);
        ClassLoader functions = new URLClassLoader(jars(Path.of(arguments[0]), Long.parseLong(arguments[1])));
        Thread.currentThread().setContextClassLoader(functions);
        PackageWorker worker = new PackageWorker(functions);
        try {
            while (calls.readObject() instanceof Call call) {
                answers.writeObject(worker.answer(call));
                answers.flush();
            }
        } finally {
            // Whether its parent closed or died: no thread of the app keeps this JVM alive.
            System.exit(0);
        }
    }

    private static URL[] jars(Path directory, long seed) throws IOException {
        List<URL> jars = new ArrayList<>();
        for (Path place : List.of(directory, directory.resolve("lib"))) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(place, "*.jar")) {
                for (Path jar : files) {
                    jars.add(jar.toUri().toURL());
                }
            }
        }
        Collections.shuffle(jars, new Random(seed));
        return jars.toArray(URL[]::new);
    }

    private Answer answer(Call call) {
        try {
            return invoke(call) instanceof HttpResponseMessage response
                    ? new Answer(
                            response.getStatusCode(),
                            response.getHeader("Location"),
                            String.valueOf(response.getBody()),
                            null)
                    : new Answer(0, null, null, null);
        } catch (InvocationTargetException e) {
            return failed(e.getCause());
        } catch (Exception | LinkageError e) {
            return failed(e);
        }
    }

    private static Answer failed(Throwable cause) {
        cause.printStackTrace();
        return new Answer(0, null, null, cause.toString());
    }

    private Object invoke(Call call) throws Exception {
        int dot = call.entryPoint().lastIndexOf('.');
        Class<?> type = Class.forName(call.entryPoint().substring(0, dot), true, functions);
        Method method = Arrays.stream(type.getMethods())
                .filter(candidate ->
                        candidate.getName().equals(call.entryPoint().substring(dot + 1)))
                .findFirst()
                .orElseThrow(() -> new NoSuchMethodException(call.entryPoint()));
        List<Object> arguments = new ArrayList<>();
        for (Parameter parameter : method.getParameters()) {
            arguments.add(argument(parameter, call));
        }
        return method.invoke(instances.getInstance(type), arguments.toArray());
    }

    private static Object argument(Parameter parameter, Call call) throws ReflectiveOperationException {
        if (parameter.getType() == ExecutionContext.class) {
            return new Context(call.function());
        }
        if (parameter.getType() == HttpRequestMessage.class) {
            Map<String, String> headers = new HashMap<>(call.headers());
            headers.put("host", "app.example.com");
            return new GivenRequest(HttpMethod.value(call.method()), call.url(), headers, call.query(), call.text());
        }
        // The package brings the annotations, so their classes are not known here.
        for (Annotation annotation : parameter.getAnnotations()) {
            if (annotation.annotationType().getSimpleName().equals("BindingName")) {
                Object name = annotation.annotationType().getMethod("value").invoke(annotation);
                return call.data().get(name);
            }
        }
        return call.text();
    }

    private record Context(String function) implements ExecutionContext {
        @Override
        public Logger getLogger() {
            return Logger.getLogger(function);
        }

        @Override
        public String getInvocationId() {
            return UUID.randomUUID().toString();
        }

        @Override
        public String getFunctionName() {
            return function;
        }

        @Override
        public TraceContext getTraceContext() {
            return LocalTraceContext.started();
        }
    }
}
