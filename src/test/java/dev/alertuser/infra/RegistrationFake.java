package dev.alertuser.infra;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.alertuser.infra.GraphFake.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** An app registration as Microsoft Graph shows and changes it, with its credentials, its service principal and its consents. */
final class RegistrationFake {
    static final String APP = "a9a9a9a9-0000-0000-0000-000000000000";
    /** Object id of the service principal. */
    static final String PRINCIPAL = "5e5e5e5e-0000-0000-0000-000000000000";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String APPLICATION = "/applications(appId='" + APP + "')";
    private static final String CREDENTIALS = APPLICATION + "/federatedIdentityCredentials";
    private static final String GRANTS = "/oauth2PermissionGrants";

    /** As "az ad app create" makes it. */
    private final ObjectNode application = object("""
            {"displayName": "defender-alert-user", "identifierUris": [], "requiredResourceAccess": [],
             "api": {"requestedAccessTokenVersion": null, "oauth2PermissionScopes": [], "preAuthorizedApplications": []},
             "web": {"redirectUris": [],
                     "implicitGrantSettings": {"enableAccessTokenIssuance": false, "enableIdTokenIssuance": false}}}
            """);

    private final List<ObjectNode> credentials = new ArrayList<>();
    private final List<ObjectNode> grants = new ArrayList<>();
    private boolean hasServicePrincipal;
    private int ids;

    ObjectNode application() {
        return application;
    }

    List<ObjectNode> credentials() {
        return credentials;
    }

    /** Consents. */
    List<ObjectNode> grants() {
        return grants;
    }

    void addCredential(String name, String issuer, String subject, String audience) {
        credentials.add(withId(object("{\"name\":\"%s\",\"issuer\":\"%s\",\"subject\":\"%s\",\"audiences\":[\"%s\"]}"
                .formatted(name, issuer, subject, audience))));
    }

    /** Of everybody in the tenant, if no user is given. */
    void addConsent(String resourceId, String scope, Optional<String> user) {
        hasServicePrincipal = true;
        grants.add(withId(object("""
                {"clientId":"%s","resourceId":"%s","scope":"%s","consentType":"%s","principalId":%s}
                """.formatted(
                        PRINCIPAL,
                        resourceId,
                        scope,
                        user.isPresent() ? "Principal" : "AllPrincipals",
                        user.map(id -> "\"" + id + "\"").orElse("null")))));
    }

    Optional<String> servicePrincipal() {
        return Optional.of("{\"id\":\"" + PRINCIPAL + "\"}").filter(ignored -> hasServicePrincipal);
    }

    Optional<String> find(String path) {
        return Optional.of(application.toString()).filter(ignored -> path.equals(APPLICATION));
    }

    Optional<List<String>> collection(String path) {
        if (path.equals(CREDENTIALS)) {
            return Optional.of(texts(credentials));
        }
        return hasServicePrincipal && path.equals("/servicePrincipals/" + PRINCIPAL + GRANTS)
                ? Optional.of(texts(grants))
                : Optional.empty();
    }

    Answer change(String method, String path, JsonNode body) {
        String target = method + " " + path.replaceAll("/id-\\d+$", "/{id}");
        String id = path.substring(path.lastIndexOf('/') + 1);
        return switch (target) {
            case "PATCH " + APPLICATION -> patch(body);
            case "POST /servicePrincipals" -> addServicePrincipal(body);
            case "POST " + CREDENTIALS -> addCredential(body);
            case "POST " + GRANTS -> consent(body);
            case "PATCH " + CREDENTIALS + "/{id}" -> update(credentials, id, body);
            case "PATCH " + GRANTS + "/{id}" -> update(grants, id, body);
            case "DELETE " + CREDENTIALS + "/{id}" -> remove(credentials, id);
            case "DELETE " + GRANTS + "/{id}" -> remove(grants, id);
            default -> Answer.notFound();
        };
    }

    /** Merges the members of an object, and replaces a list. */
    private Answer patch(JsonNode body) {
        ObjectNode next = application.deepCopy();
        body.properties().forEach(member -> {
            if (member.getValue().isObject()) {
                next.withObjectProperty(member.getKey()).setAll((ObjectNode) member.getValue());
            } else {
                next.set(member.getKey(), member.getValue());
            }
        });
        List<String> scopes = next.at("/api/oauth2PermissionScopes").findValuesAsText("id");
        boolean known = StreamSupport.stream(
                        next.at("/api/preAuthorizedApplications").spliterator(), false)
                .flatMap(client -> StreamSupport.stream(
                        client.get("delegatedPermissionIds").spliterator(), false))
                .allMatch(scope -> scopes.contains(scope.textValue()));
        if (!known) {
            return Answer.error(400, "Request_BadRequest", "a pre-authorized application names an unknown permission");
        }
        application.setAll(next);
        return Answer.done();
    }

    private Answer addServicePrincipal(JsonNode body) {
        if (hasServicePrincipal) {
            return exists("The service principal name is already in use.");
        }
        if (!body.path("appId").asText().equals(APP)) {
            return Answer.notFound();
        }
        hasServicePrincipal = true;
        return new Answer(201, servicePrincipal().orElseThrow());
    }

    /** Any subject will do: Entra finds out what it is worth when somebody presents a token. */
    private Answer addCredential(JsonNode body) {
        if (credentials.stream().anyMatch(credential -> credential.get("name").equals(body.get("name")))) {
            return exists("FederatedIdentityCredential with this name already exists.");
        }
        credentials.add(withId((ObjectNode) body));
        return new Answer(201, body.toString());
    }

    private Answer consent(JsonNode body) {
        if (!hasServicePrincipal || !body.path("clientId").asText().equals(PRINCIPAL)) {
            return Answer.error(400, "Request_BadRequest", "clientId is no service principal");
        }
        if (grants.stream()
                .anyMatch(grant -> grant.get("resourceId").equals(body.get("resourceId"))
                        && grant.get("consentType").equals(body.get("consentType")))) {
            return exists("Permission entry already exists.");
        }
        grants.add(withId((ObjectNode) body));
        return new Answer(201, body.toString());
    }

    private static Answer update(List<ObjectNode> items, String id, JsonNode body) {
        Optional<ObjectNode> found = items.stream()
                .filter(item -> item.get("id").textValue().equals(id))
                .findFirst();
        found.ifPresent(item -> item.setAll((ObjectNode) body));
        return found.isPresent() ? Answer.done() : Answer.notFound();
    }

    private static Answer remove(List<ObjectNode> items, String id) {
        return items.removeIf(item -> item.get("id").textValue().equals(id)) ? Answer.done() : Answer.notFound();
    }

    static Answer exists(String message) {
        return Answer.error(409, "Request_MultipleObjectsWithSameKeyValue", message);
    }

    private ObjectNode withId(ObjectNode item) {
        return item.put("id", "id-" + ids++);
    }

    private static List<String> texts(List<ObjectNode> items) {
        return items.stream().map(ObjectNode::toString).toList();
    }

    private static ObjectNode object(String json) {
        try {
            return (ObjectNode) JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
