package dev.alertuser.payload;

import dev.alertuser.payload.json.Located;
import dev.alertuser.payload.json.MemberPath;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The forms of an alert, one row each; the first row that matches an object decides. A row lists the members that identify the form, the
 * members that name the product, and the paths of the id; the first path with a usable id wins.
 *
 * <p>The place of an alert in a body is independent of its form: see {@link Wrapper}. The case of member names is ignored, so Sentinel's
 * REST API and the table SecurityAlert are one form. The suffixes of paths are those of {@link IdPath}.
 */
@SuppressWarnings("ImmutableEnumChecker") // its lists are unmodifiable, which their type does not show
public enum BodyFormat {
    /** Row of the Log Analytics table SecurityIncident, which refers to its alerts by Sentinel's own ids. */
    SECURITY_INCIDENT(
            "a row of SecurityIncident",
            all("AlertIds").any("IncidentNumber", "IncidentName"),
            product(),
            ids("AlertIds[*]~")),

    /** Alert of the Defender XDR incident API; row of AlertInfo or AlertEvidence from a hunting query or the Streaming API. */
    XDR_ALERT(
            "an alert of Defender XDR",
            all("alertId").any("serviceSource", "detectionSource", "productName", "providerAlertId"),
            product("serviceSource", "productName"),
            ids("customDetails.AlertId[*]!", "alertId", "alertWebUrl/", "providerAlertId")),

    /** Change notification of Microsoft Graph; it names no product. */
    GRAPH_NOTIFICATION(
            "a Graph change notification",
            any("changeType", "resourceData", "lifecycleEvent"),
            product(),
            ids("resourceData.id", "resource/", "resource")),

    /** Alert of Microsoft Graph {@code security/alerts_v2}. */
    GRAPH_ALERT(
            "a Graph alert",
            any("serviceSource", "alertWebUrl"),
            product("serviceSource", "productName"),
            ids("customDetails.AlertId[*]!", "id", "alertWebUrl/", "providerAlertId")),

    /** Alert of the retired Graph {@code security/alerts}. */
    LEGACY_GRAPH_ALERT(
            "an alert of Graph's retired API",
            all("id").any("vendorInformation"),
            product("vendorInformation.provider"),
            ids("id", "sourceMaterials[*]/")),

    /**
     * Alert of Sentinel: in an incident, the alert trigger, the REST API, or a row of SecurityAlert. {@code SystemAlertId} is Sentinel's
     * own id. The other id members sometimes hold it, too, so they come after the link.
     */
    SENTINEL_ALERT(
            "a Sentinel alert",
            any(
                    "systemAlertId",
                    "alertLink",
                    "vendorOriginalId",
                    "providerAlertId",
                    "productName",
                    "additionalData.Custom Details",
                    "ExtendedProperties.Custom Details"),
            product("productName", "providerName"),
            ids(
                    "additionalData.Custom Details.AlertId[*]!",
                    "ExtendedProperties.Custom Details.AlertId[*]!",
                    "alertLink/",
                    "vendorOriginalId",
                    "providerAlertId",
                    "systemAlertId~")),

    /** Alert of Defender for Endpoint's own API. Other objects have an id, too, so a second member is required. */
    ENDPOINT_ALERT(
            "a Defender for Endpoint alert",
            all("id").any("machineId", "incidentId", "computerDnsName"),
            product(),
            ids("id")),

    /** Our own form. Both members count, and each id is an entry of its own. */
    OWN("our own form", any("alertId", "alertIds"), product(), ids("alertId", "alertIds[*]")),

    /** Any other object in the {@code alerts} of an incident: its place identifies it as an alert. */
    INCIDENT_ALERT("an alert of an incident", any("id"), product("productName"), ids("id"));

    /** Spellings of Defender for Endpoint, in letters and digits only: product names, service sources and provider names. */
    private static final Set<String> ENDPOINT = Set.of(
            "microsoftdefenderforendpoint",
            "microsoftdefenderadvancedthreatprotection",
            "microsoftdefenderatp",
            "windowsdefenderadvancedthreatprotection",
            "windowsdefenderatp",
            "mdatp",
            "wdatp",
            "mde");

    /** Members that identify an incident, so that one without alerts counts as a known form. */
    private static final List<MemberPath> INCIDENT =
            paths("incidentNumber", "incidentWebUrl", "incidentUri", "incidentName");

    /** Members that identify a form: all of the first list, and one of the second. */
    private record Marks(List<MemberPath> all, List<MemberPath> any) {
        Marks any(String... names) {
            return new Marks(all, paths(names));
        }

        boolean areOn(Located object) {
            return all.stream().allMatch(path -> path.leadsSomewhereFrom(object))
                    && any.stream().anyMatch(path -> path.leadsSomewhereFrom(object));
        }
    }

    private final String title;
    private final Marks marks;
    private final List<MemberPath> product;
    private final List<IdPath> ids;

    BodyFormat(String title, Marks marks, List<MemberPath> product, List<IdPath> ids) {
        this.title = title;
        this.marks = marks;
        this.product = product;
        this.ids = ids;
    }

    /** The form of an object that is an alert at any place in a body. */
    public static Optional<BodyFormat> of(Located object) {
        return Stream.of(values())
                .filter(format -> format != INCIDENT_ALERT && format.knows(object))
                .findFirst();
    }

    static boolean isIncident(Located object) {
        return INCIDENT.stream().anyMatch(path -> path.leadsSomewhereFrom(object));
    }

    boolean knows(Located object) {
        return marks.areOn(object);
    }

    /** The name of this form in messages. */
    String title() {
        return title;
    }

    List<IdPath> ids() {
        return ids;
    }

    /** The paths of this form's ids, for messages. */
    String paths() {
        return ids.stream().map(id -> id.path().text()).distinct().collect(Collectors.joining(", "));
    }

    /** The paths of all forms' ids, for messages. */
    static String allPaths() {
        return Stream.concat(Stream.of(OWN), Stream.of(values()))
                .flatMap(format -> format.ids.stream())
                .map(id -> id.path().text())
                .distinct()
                .collect(Collectors.joining(", "));
    }

    /** Whether an alert names at least one product, and none is Defender for Endpoint. */
    boolean isOfOtherProduct(Located alert) {
        List<String> names = product.stream()
                .flatMap(path -> path.from(alert).stream())
                .flatMap(place -> place.text().stream())
                .map(name -> name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", ""))
                .filter(name -> !name.isEmpty())
                .toList();
        return !names.isEmpty() && names.stream().noneMatch(ENDPOINT::contains);
    }

    private static Marks all(String... names) {
        return new Marks(paths(names), List.of());
    }

    private static Marks any(String... names) {
        return new Marks(List.of(), paths(names));
    }

    private static List<MemberPath> product(String... names) {
        return paths(names);
    }

    private static List<IdPath> ids(String... paths) {
        return Stream.of(paths).map(IdPath::of).toList();
    }

    private static List<MemberPath> paths(String... names) {
        return Stream.of(names).map(MemberPath::of).toList();
    }
}
