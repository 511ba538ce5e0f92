package dev.alertuser.functions.operate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.azure.functions.HttpMethod;
import com.microsoft.azure.functions.annotation.AuthorizationLevel;
import com.microsoft.azure.functions.annotation.BindingName;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.HttpTrigger;
import dev.alertuser.functions.FunctionMethods;
import dev.alertuser.functions.http.ErrorCode;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Compares the API document with annotations, error codes and sources. */
class ApiDocumentTest {
    private static final Path FUNCTIONS = Path.of("src/main/java/dev/alertuser/functions");

    /** Headers about the transport or the event of a request, which no API document lists. */
    private static final Set<String> TRANSPORT = Set.of(
            "accept",
            "traceparent",
            "x-forwarded-proto",
            "host",
            "aeg-event-type",
            "x-ms-client-tracking-id",
            "authorization",
            "sec-fetch-site");

    /** In result messages only. */
    private static final Set<ErrorCode> NOT_OVER_HTTP = Set.of(ErrorCode.REQUEST_EXPIRED);

    private final ObjectNode document = ApiDocument.openApi("https://app.azurewebsites.net/api");
    private final ObjectNode swagger = ApiDocument.swagger("https://app.azurewebsites.net/api");

    @Test
    void hasEachRouteWithItsMethodsAndItsKey() throws Exception {
        Set<String> annotated = new TreeSet<>();
        for (Method function : httpFunctions()) {
            HttpTrigger trigger = trigger(function);
            String key = trigger.authLevel() == AuthorizationLevel.ANONYMOUS ? "" : " with a key";
            List<HttpMethod> methods = new ArrayList<>(List.of(trigger.methods()));
            // The description says that each GET answers HEAD as well.
            assertThat(methods.remove(HttpMethod.HEAD)).isEqualTo(methods.contains(HttpMethod.GET));
            methods.forEach(method -> annotated.add(method + " /" + trigger.route() + key));
        }
        Set<String> documented = new TreeSet<>();
        operations((route, operation) -> documented.add(route + (isKeyed(operation.getValue()) ? " with a key" : "")));

        assertThat(documented).isEqualTo(annotated);
    }

    @Test
    void namesOperationsAfterTheFunctions() throws Exception {
        Set<String> names = new TreeSet<>();
        for (Method function : httpFunctions()) {
            names.add(function.getAnnotation(FunctionName.class).value());
        }
        Set<String> ids = new TreeSet<>();
        operations((route, operation) ->
                ids.add(operation.getValue().get("operationId").textValue().replaceFirst("Handshake$", "")));

        assertThat(ids).isEqualTo(names);
    }

    @Test
    void hasTheBoundPathParameters() throws Exception {
        for (Method function : httpFunctions()) {
            Set<String> bound = new TreeSet<>();
            for (Parameter parameter : function.getParameters()) {
                if (parameter.isAnnotationPresent(BindingName.class)) {
                    bound.add(parameter.getAnnotation(BindingName.class).value());
                }
            }
            JsonNode path = document.get("paths").get("/" + trigger(function).route());
            for (JsonNode operation : path) {
                assertThat(parameters(operation, "path")).isEqualTo(bound);
            }
        }
    }

    @Test
    void hasTheHeadersAndQueryParametersThatTheFunctionsRead() throws IOException {
        Pattern reads = Pattern.compile(
                "(?:call\\.header|call\\.query|query\\.get|headers\\.get|headers\\.getOrDefault)\\(\"([\\w-]+)\"");
        Pattern constants = Pattern.compile("CLIENT_REQUEST_ID = \"([\\w-]+)\"");
        Set<String> read = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        for (Path source : sources(".java")) {
            String text = Files.readString(source);
            Stream.of(reads, constants)
                    .flatMap(pattern -> pattern.matcher(text).results())
                    .map(result -> result.group(1))
                    .filter(name -> !TRANSPORT.contains(name))
                    .forEach(read::add);
        }
        Set<String> documented = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        operations((route, operation) -> {
            documented.addAll(parameters(operation.getValue(), "header"));
            documented.addAll(parameters(operation.getValue(), "query"));
        });

        assertThat(documented).isEqualTo(read);
    }

    @Test
    void hasEachErrorCodeUnderItsStatus() {
        Map<String, Set<String>> expected = new TreeMap<>();
        for (ErrorCode code : ErrorCode.values()) {
            if (!NOT_OVER_HTTP.contains(code)) {
                expected.computeIfAbsent(String.valueOf(code.status().value()), status -> new TreeSet<>())
                        .add(code.code());
            }
        }
        Map<String, Set<String>> documented = new TreeMap<>();
        responses((status, response) -> response.path("x-error-codes")
                .forEach(code -> documented
                        .computeIfAbsent(status, any -> new TreeSet<>())
                        .add(code.textValue())));

        assertThat(documented).isEqualTo(expected);
        List<String> listed = new ArrayList<>();
        document.at("/components/schemas/ErrorCode/enum").forEach(code -> listed.add(code.textValue()));
        assertThat(listed)
                .containsExactlyElementsOf(
                        expected.values().stream().flatMap(Set::stream).sorted().toList());
    }

    @Test
    void promisesRetryAfterWhereRepeatingHelps() {
        Map<String, ErrorCode> codes =
                Arrays.stream(ErrorCode.values()).collect(Collectors.toMap(ErrorCode::code, code -> code));
        responses((status, response) -> {
            List<String> listed = new ArrayList<>();
            response.path("x-error-codes").forEach(code -> listed.add(code.textValue()));
            if (!listed.isEmpty()) {
                boolean repeatable = listed.stream()
                        .map(codes::get)
                        .allMatch(code ->
                                code.retryAfter() != null || code.status().value() == 429);
                assertThat(response.get("headers").has("Retry-After"))
                        .as("Retry-After of %s %s", status, listed)
                        .isEqualTo(repeatable);
            }
        });
    }

    @Test
    void has401WhereAKeyOrASignInIsNeededAnd500Everywhere() {
        operations((route, operation) -> {
            JsonNode responses = operation.getValue().get("responses");
            assertThat(responses.has("401")).as(route).isEqualTo(!isOpen(operation.getValue()));
            assertThat(responses.has("431")).as(route).isTrue();
            assertThat(responses.has("500")).as(route).isTrue();
        });
    }

    @Test
    void hasConnectorLabelsForEachOperationAndParameter() {
        operations((route, operation) -> assertThat(operation.getValue().has("x-ms-visibility"))
                .as(route)
                .isTrue());
        document.at("/components/parameters")
                .forEach(parameter -> assertThat(names(parameter)).contains("x-ms-visibility", "x-ms-summary"));
    }

    @Test
    void namesTheGivenServer() {
        assertThat(document.get("servers").toString()).isEqualTo("[{\"url\":\"https://app.azurewebsites.net/api\"}]");
        assertThat(swagger.get("host").textValue()).isEqualTo("app.azurewebsites.net");
        assertThat(swagger.get("basePath").textValue()).isEqualTo("/api");
        assertThat(swagger.get("schemes").toString()).isEqualTo("[\"https\"]");
    }

    @Test
    void keepsEachOperationParameterAndStatusInSwagger() {
        operations((route, operation) -> {
            JsonNode source = operation.getValue();
            JsonNode derived = swagger.get("paths")
                    .get(route.substring(route.indexOf('/')))
                    .get(operation.getKey());
            assertThat(derived.get("operationId")).isEqualTo(source.get("operationId"));
            assertThat(names(derived.get("responses"))).isEqualTo(names(source.get("responses")));
            Set<String> in = new TreeSet<>();
            derived.get("parameters")
                    .forEach(parameter -> in.add(parameter.get("in").textValue() + " "
                            + parameter.get("name").textValue()));
            Set<String> expected = new TreeSet<>();
            for (String place : List.of("path", "query", "header")) {
                parameters(source, place).forEach(name -> expected.add(place + " " + name));
            }
            if (source.has("requestBody")) {
                expected.add("body body");
            }
            assertThat(in).as(route).isEqualTo(expected);
        });
        Pattern.compile("#/definitions/(\\w+)")
                .matcher(swagger.toString())
                .results()
                .forEach(reference ->
                        assertThat(names(swagger.get("definitions"))).contains(reference.group(1)));
    }

    @Test
    void spreadsSchemasOverParametersAndHeadersInSwagger() {
        JsonNode user = swagger.at("/paths/~1alerts~1{id}~1user/get");

        assertThat(user.at("/parameters/1").toString())
                .contains("\"name\":\"wait\"", "\"type\":\"integer\"", "\"x-ms-summary\":\"Seconds to wait\"")
                .doesNotContain("schema", "example");
        assertThat(user.at("/responses/200/headers/Age").toString())
                .contains("\"type\":\"integer\"")
                .doesNotContain("schema", "required");
        assertThat(user.at("/responses/200/schema/$ref").textValue()).isEqualTo("#/definitions/AlertUser");
        assertThat(user.get("produces").toString()).isEqualTo("[\"application/json\",\"application/problem+json\"]");
        assertThat(swagger.at("/definitions/AlertUser/properties/accountSid/x-nullable")
                        .booleanValue())
                .isTrue();
        assertThat(swagger.at("/definitions/AlertOutcome/properties/user/$ref").textValue())
                .isEqualTo("#/definitions/AlertUser");
    }

    private static boolean isOpen(JsonNode operation) {
        JsonNode security = operation.path("security");
        return security.isArray() && security.isEmpty();
    }

    private static boolean isKeyed(JsonNode operation) {
        return !operation.path("security").isArray();
    }

    private Set<String> parameters(JsonNode operation, String in) {
        Set<String> names = new TreeSet<>();
        operation.path("parameters").forEach(reference -> {
            JsonNode parameter = resolved(reference);
            if (parameter.get("in").textValue().equals(in)) {
                names.add(parameter.get("name").textValue());
            }
        });
        return names;
    }

    private void operations(BiConsumer<String, Map.Entry<String, JsonNode>> visitor) {
        document.get("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(operation -> visitor.accept(
                                operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(), operation)));
    }

    private void responses(BiConsumer<String, JsonNode> visitor) {
        operations((route, operation) -> operation
                .getValue()
                .get("responses")
                .properties()
                .forEach(response -> visitor.accept(response.getKey(), resolved(response.getValue()))));
    }

    private JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? document.at(node.get("$ref").textValue().substring(1)) : node;
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static List<Method> httpFunctions() {
        return FunctionMethods.all().stream()
                .filter(method -> trigger(method) != null)
                .toList();
    }

    private static HttpTrigger trigger(Method function) {
        return Arrays.stream(function.getParameters())
                .map(parameter -> parameter.getAnnotation(HttpTrigger.class))
                .filter(trigger -> trigger != null)
                .findFirst()
                .orElse(null);
    }

    private static List<Path> sources(String end) throws IOException {
        try (Stream<Path> files = Files.walk(FUNCTIONS)) {
            return files.filter(file -> file.toString().endsWith(end)).toList();
        }
    }
}
