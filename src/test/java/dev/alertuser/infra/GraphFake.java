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
import java.util.concurrent.CopyOnWriteArrayList;

/** A tenant as Microsoft Graph shows it, on loopback: two service principals and the roles of one of them. */
final class GraphFake implements AutoCloseable {
    static final String DEFENDER_APP = "fc780465-2017-40d4-a0c5-307022471b92";
    static final String USER_READ_ALL = "a833834a-4cf1-4732-8acf-bbcfa13fb610";
    static final String USER_READ_ALL_OF_GRAPH = "df021288-bdef-4463-88db-98f22de89214";
    static final String DEFENDER = "dddddddd-0000-0000-0000-000000000000";
    static final String IDENTITY = "1d1d1d1d-0000-0000-0000-000000000000";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> assignments = new ArrayList<>();
    private boolean hasDefender = true;
    private boolean mayGrant = true;
    private boolean grantedMeanwhile;
    private boolean revokedMeanwhile;
    private String nextPages;

    GraphFake() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1.0/servicePrincipals", this::answer);
        server.start();
        nextPages = endpoint();
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    void withoutDefender() {
        hasDefender = false;
    }

    void callerMayNotGrant() {
        mayGrant = false;
    }

    /** Somebody else grants between the script's look and its grant. */
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

    List<String> assignments() {
        return assignments;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath().substring("/v1.0/servicePrincipals".length());
        requests.add(exchange.getRequestMethod() + " " + path);
        boolean isGrant = exchange.getRequestMethod().equals("POST");
        boolean isRevocation = exchange.getRequestMethod().equals("DELETE");
        if (isGrant && path.equals("/" + IDENTITY + "/appRoleAssignments")) {
            grant(exchange);
        } else if (isRevocation) {
            revoke(exchange, path.substring(("/" + IDENTITY + "/appRoleAssignments/").length()));
        } else if (isGrant) {
            answer(exchange, 404, error("Request_ResourceNotFound", "Resource does not exist."));
        } else if (path.isEmpty()) {
            answer(exchange, 200, defender(exchange.getRequestURI().getQuery()));
        } else if (path.equals("/" + IDENTITY)) {
            answer(exchange, 200, "{\"displayName\":\"id-alert-user\"}");
        } else if (path.equals("/" + IDENTITY + "/appRoleAssignments")) {
            answer(exchange, 200, page(exchange.getRequestURI().getQuery()));
        } else {
            answer(exchange, 404, error("Request_ResourceNotFound", "Resource does not exist."));
        }
    }

    private String defender(String query) {
        if (!query.contains("appId eq '" + DEFENDER_APP + "'") || !hasDefender) {
            return "{\"value\":[]}";
        }
        return """
                {"value":[{"id":"%s","appRoles":[
                  {"id":"00000000-0000-0000-0000-00000000000a","value":"Alert.Read.All","allowedMemberTypes":["Application"]},
                  {"id":"00000000-0000-0000-0000-00000000000b","value":"User.Read.All","allowedMemberTypes":["User"]},
                  {"id":"%s","value":"User.Read.All","allowedMemberTypes":["Application"]}]}]}
                """.formatted(DEFENDER, USER_READ_ALL);
    }

    /** One assignment on each page, as a tenant with many would have it. */
    private String page(String query) {
        int page = query == null ? 0 : Integer.parseInt(query.substring("page=".length()));
        if (page >= assignments.size()) {
            return "{\"value\":[]}";
        }
        String next = page + 1 == assignments.size()
                ? ""
                : ",\"@odata.nextLink\":\"" + nextPages + "/v1.0/servicePrincipals/" + IDENTITY
                        + "/appRoleAssignments?page=" + (page + 1) + "\"";
        String assignment = assignments.get(page);
        return "{\"value\":[{\"id\":\"" + idOf(assignment) + "\"," + assignment.substring(1) + "]" + next + "}";
    }

    private static String idOf(String assignment) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(assignment.getBytes(UTF_8));
    }

    private void grant(HttpExchange exchange) throws IOException {
        JsonNode body = JSON.readTree(exchange.getRequestBody());
        if (!mayGrant) {
            answer(
                    exchange,
                    403,
                    error("Authorization_RequestDenied", "Insufficient privileges to complete the operation."));
        } else if (grantedMeanwhile) {
            answer(
                    exchange,
                    400,
                    error("Request_BadRequest", "Permission being assigned already exists on the object"));
        } else if (body.get("principalId").textValue().equals(IDENTITY)) {
            assign(body.get("resourceId").textValue(), body.get("appRoleId").textValue());
            answer(exchange, 201, body.toString());
        } else {
            answer(exchange, 400, error("Request_BadRequest", "principalId is not the identity"));
        }
    }

    private void revoke(HttpExchange exchange, String id) throws IOException {
        if (!mayGrant) {
            answer(
                    exchange,
                    403,
                    error("Authorization_RequestDenied", "Insufficient privileges to complete the operation."));
        } else if (revokedMeanwhile
                || !assignments.removeIf(assignment -> idOf(assignment).equals(id))) {
            answer(exchange, 404, error("Request_ResourceNotFound", "Resource does not exist."));
        } else {
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        }
    }

    private static String error(String code, String message) {
        return "{\"error\":{\"code\":\"" + code + "\",\"message\":\"" + message + "\"}}";
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
