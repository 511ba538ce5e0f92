package dev.alertuser.infra;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** A tenant as Microsoft Graph shows it, on loopback: service principals, the roles of one of them, and an app registration. */
final class GraphFake implements AutoCloseable {
    static final String DEFENDER_APP = "fc780465-2017-40d4-a0c5-307022471b92";
    static final String USER_READ_ALL = "a833834a-4cf1-4732-8acf-bbcfa13fb610";
    static final String USER_READ_ALL_DELEGATED = "ffd6563e-842b-4cfc-b349-06006e0473a3";
    static final String USER_READ_ALL_OF_GRAPH = "df021288-bdef-4463-88db-98f22de89214";
    static final String DEFENDER = "dddddddd-0000-0000-0000-000000000000";
    static final String GRAPH_APP = "00000003-0000-0000-c000-000000000000";
    static final String GRAPH = "99999999-0000-0000-0000-000000000000";
    static final String IDENTITY = "1d1d1d1d-0000-0000-0000-000000000000";
    /** Of a virtual machine, say: it lives and dies with its resource. */
    static final String SYSTEM_ASSIGNED_IDENTITY = "1d1d1d1d-0000-0000-0000-00000000005a";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ASSIGNMENTS = "/servicePrincipals/" + IDENTITY + "/appRoleAssignments";

    private final HttpServer server;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> assignments = new ArrayList<>();
    private final RegistrationFake registration = new RegistrationFake();
    private boolean hasDefender = true;
    private boolean mayGrant = true;
    private boolean grantedMeanwhile;
    private boolean revokedMeanwhile;
    private String nextPages;

    /** What Graph answers; the body of 204 is empty. */
    record Answer(int status, String body) {
        static Answer error(int status, String code, String message) {
            return new Answer(status, "{\"error\":{\"code\":\"" + code + "\",\"message\":\"" + message + "\"}}");
        }

        static Answer notFound() {
            return error(404, "Request_ResourceNotFound", "Resource does not exist.");
        }

        static Answer done() {
            return new Answer(204, "");
        }
    }

    GraphFake() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1.0/", this::answer);
        server.start();
        nextPages = endpoint();
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    RegistrationFake registration() {
        return registration;
    }

    void withoutDefender() {
        hasDefender = false;
    }

    void callerMayNotGrant() {
        mayGrant = false;
    }

    /** Somebody else grants or consents between the script's look and its own call. */
    void grantedBySomebodyElseMeanwhile() {
        grantedMeanwhile = true;
    }

    /** Somebody else revokes between the script's look and its own revocation. */
    void revokedBySomebodyElseMeanwhile() {
        revokedMeanwhile = true;
    }

    /** Says that the next pages are at another endpoint. */
    void nextPagesAt(String endpoint) {
        nextPages = endpoint;
    }

    void assign(String resourceId, String roleId) {
        assignments.add("{\"resourceId\":\"" + resourceId + "\",\"appRoleId\":\"" + roleId + "\"}");
    }

    /** Methods and paths of all requests. */
    List<String> requests() {
        return requests;
    }

    /** Methods and paths of those requests that change something. */
    List<String> changes() {
        return requests.stream().filter(request -> !request.startsWith("GET")).toList();
    }

    List<String> assignments() {
        return assignments;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String method = exchange.getRequestMethod();
        String path = exchange.getRequestURI().getPath().substring("/v1.0".length());
        requests.add(method + " " + path);
        Answer answer = method.equals("GET")
                ? read(
                        path,
                        Optional.ofNullable(exchange.getRequestURI().getQuery()).orElse(""))
                : change(method, path, JSON.readTree(exchange.getRequestBody()));
        byte[] bytes = answer.body().getBytes(UTF_8);
        exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private Answer read(String path, String query) {
        if (path.equals("/servicePrincipals/" + IDENTITY)) {
            return new Answer(200, identity("id-alert-user", "isExplicit=True"));
        }
        if (path.equals("/servicePrincipals/" + SYSTEM_ASSIGNED_IDENTITY)) {
            return new Answer(200, identity("vm", "isExplicit=False"));
        }
        if (path.equals("/servicePrincipals")) {
            return page(path, query, servicePrincipal(query).stream().toList());
        }
        if (path.equals(ASSIGNMENTS)) {
            return page(
                    path,
                    query,
                    assignments.stream()
                            .map(assignment -> "{\"id\":\"" + idOf(assignment) + "\"," + assignment.substring(1))
                            .toList());
        }
        return registration
                .collection(path)
                .map(items -> page(path, query, items))
                .or(() -> registration.find(path).map(found -> new Answer(200, found)))
                .orElseGet(Answer::notFound);
    }

    private static String identity(String name, String kind) {
        return "{\"displayName\":\"" + name + "\",\"servicePrincipalType\":\"ManagedIdentity\",\"alternativeNames\":[\""
                + kind + "\",\"/subscriptions/…\"]}";
    }

    private Optional<String> servicePrincipal(String query) {
        String defender = """
                {"id":"%s","appRoles":[
                  {"id":"00000000-0000-0000-0000-00000000000a","value":"Alert.Read.All","allowedMemberTypes":["Application"]},
                  {"id":"00000000-0000-0000-0000-00000000000b","value":"User.Read.All","allowedMemberTypes":["User"]},
                  {"id":"%s","value":"User.Read.All","allowedMemberTypes":["Application"]}],
                 "oauth2PermissionScopes":[
                  {"id":"00000000-0000-0000-0000-00000000000c","value":"Alert.Read"},
                  {"id":"%s","value":"User.Read.All"}]}
                """.formatted(DEFENDER, USER_READ_ALL, USER_READ_ALL_DELEGATED);
        Map<String, Optional<String>> known = Map.of(
                DEFENDER_APP,
                Optional.of(defender).filter(ignored -> hasDefender),
                GRAPH_APP,
                Optional.of("{\"id\":\"" + GRAPH + "\"}"),
                RegistrationFake.APP,
                registration.servicePrincipal());
        return known.entrySet().stream()
                .filter(entry -> query.contains("appId eq '" + entry.getKey() + "'"))
                .flatMap(entry -> entry.getValue().stream())
                .findFirst();
    }

    /** One item on each page, as a tenant with many would have it. */
    private Answer page(String path, String query, List<String> items) {
        int page = query.startsWith("page=") ? Integer.parseInt(query.substring("page=".length())) : 0;
        String next = page + 1 >= items.size()
                ? ""
                : ",\"@odata.nextLink\":\"" + nextPages + "/v1.0" + path + "?page=" + (page + 1) + "\"";
        String item = Stream.of(page)
                .filter(i -> i < items.size())
                .map(items::get)
                .findFirst()
                .orElse("");
        return new Answer(200, "{\"value\":[" + item + "]" + next + "}");
    }

    private static String idOf(String assignment) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(assignment.getBytes(UTF_8));
    }

    private Answer change(String method, String path, JsonNode body) {
        if (!mayGrant) {
            return Answer.error(
                    403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.");
        }
        if (revokedMeanwhile && method.equals("DELETE")) {
            return Answer.notFound();
        }
        if (path.equals(ASSIGNMENTS)) {
            return grant(body);
        }
        if (path.startsWith(ASSIGNMENTS + "/")) {
            String id = path.substring(ASSIGNMENTS.length() + 1);
            return assignments.removeIf(assignment -> idOf(assignment).equals(id)) ? Answer.done() : Answer.notFound();
        }
        if (grantedMeanwhile && path.equals("/oauth2PermissionGrants")) {
            return RegistrationFake.exists("Permission entry already exists.");
        }
        return registration.change(method, path, body);
    }

    private Answer grant(JsonNode body) {
        if (grantedMeanwhile) {
            return Answer.error(400, "Request_BadRequest", "Permission being assigned already exists on the object");
        }
        if (!body.get("principalId").textValue().equals(IDENTITY)) {
            return Answer.error(400, "Request_BadRequest", "principalId is not the identity");
        }
        assign(body.get("resourceId").textValue(), body.get("appRoleId").textValue());
        return new Answer(201, body.toString());
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
