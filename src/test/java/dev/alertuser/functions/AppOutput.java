package dev.alertuser.functions;

import static org.mockito.Mockito.RETURNS_DEEP_STUBS;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.annotation.FunctionName;
import dev.alertuser.Application;
import dev.alertuser.Lazy;
import dev.alertuser.Settings;
import dev.alertuser.functions.AlertOutcome.Outcome;
import dev.alertuser.service.AlertId;
import dev.alertuser.service.AlertUser;
import dev.alertuser.service.LookupResult.Source;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the app says to the outside, for tests of those who read it. */
public final class AppOutput {
    private AppOutput() {}

    /** The members of the line that each call leaves in the log. */
    public static Set<String> callFields() {
        return Arrays.stream(CallLog.Field.values()).map(CallLog.Field::label).collect(Collectors.toSet());
    }

    /** The members of the line that each purge leaves in the log. */
    public static Set<String> purgeFields() {
        List<String> lines = new ArrayList<>();
        ExecutionContext context = mock(ExecutionContext.class);
        when(context.getLogger()).thenReturn(RecordingLogger.into(lines));
        Application app = mock(Application.class, RETURNS_DEEP_STUBS);
        when(app.time().instant()).thenReturn(Instant.EPOCH);
        when(app.settings()).thenReturn(Settings.from(Map.of("AzureWebJobsStorage", "x")));
        new PurgeFunction(new Lazy<>(() -> app)).run("{}", context);
        Set<String> names = new TreeSet<>();
        Json.read(lines.get(0)).fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** The functions, by the names that log lines and operation ids carry. */
    public static Set<String> functions() throws IOException, ClassNotFoundException {
        Set<String> names = new TreeSet<>();
        try (Stream<Path> files = Files.list(Path.of("src/main/java/dev/alertuser/functions"))) {
            List<String> classes = files.map(
                            file -> file.getFileName().toString().replace(".java", ""))
                    .filter(name -> name.endsWith("Function"))
                    .toList();
            for (String name : classes) {
                for (Method method :
                        Class.forName("dev.alertuser.functions." + name).getDeclaredMethods()) {
                    if (method.isAnnotationPresent(FunctionName.class)) {
                        names.add(method.getAnnotation(FunctionName.class).value());
                    }
                }
            }
        }
        return names;
    }

    /** A message of the queue of results with every member that one can have. */
    public static JsonNode resultMessage() {
        Instant noon = Instant.parse("2026-01-01T12:00:00Z");
        AlertUser user = new AlertUser("{}", "contoso\\jane", "jane", "contoso", "S-1-5-18");
        AlertOutcome alert = new AlertOutcome(
                new AlertId("da1"), Outcome.FOUND, user, ApiError.of(ErrorCode.REQUEST_EXPIRED, null), Source.DEFENDER);
        return Json.read(new ResultMessage(alert, "run-1", "00-trace", noon, noon, 1, "da1").toText());
    }

    /** The app's Swagger document for a host. */
    public static JsonNode swagger(String host) {
        return ApiDocument.of("https://" + host + "/api").toSwagger().json();
    }
}
