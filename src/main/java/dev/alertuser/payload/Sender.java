package dev.alertuser.payload;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Where a Defender alert id may sit in a body: a row for each sender, and the first row that knows an alert in the body decides.
 * A row says where the alerts are, which members tell them from those of other rows (none: the place alone tells), which members
 * name the product, and where in an alert the id is looked for; the first of these paths that gives a valid id wins.
 *
 * <p>Members are found ignoring case. The signs in a path are those of {@link MemberPath} and {@link IdPath}. A body that is an
 * array is one body after the other; a CloudEvents or Event Grid envelope is the body in its {@code data}.
 */
@SuppressWarnings("ImmutableEnumChecker") // its lists are unmodifiable, which their type cannot tell
enum Sender {
    /** Our own form, also Defender's SIEM object with its {@code AlertId}. Both members count, and an invalid id is an error. */
    OWN("our own form", alerts("."), knownBy("alertId", "alertIds"), product(), ids("alertId", "alertIds[*]")),

    /**
     * Body of Sentinel's incident trigger. A custom detail named AlertId was put there on purpose by the author of an analytics
     * rule, whose alerts carry Sentinel's own product name. {@code systemAlertId} is Sentinel's own id and of no use; so is
     * {@code providerAlertId} at times, which therefore comes after the link.
     */
    SENTINEL_INCIDENT(
            "a Sentinel incident",
            alerts("object.properties.alerts[*]"),
            knownBy(),
            product("properties.productName", "properties.providerName"),
            ids(
                    "properties.additionalData.Custom Details.AlertId[*]!",
                    "properties.alertLink/",
                    "properties.providerAlertId")),

    /** Incident of the Defender XDR API, alone or in a list; incident of Microsoft Graph with its alerts expanded. */
    XDR_INCIDENT(
            "a Defender XDR incident",
            alerts("alerts[*]", "value[*].alerts[*]"),
            knownBy("alertId", "id"),
            product("serviceSource", "productName"),
            ids("alertId", "id", "alertWebUrl/", "providerAlertId")),

    /** Streaming API of Defender XDR, as Event Hubs gives it on: AlertInfo and AlertEvidence. */
    STREAMING(
            "records of the Streaming API",
            alerts("records[*]", "."),
            knownBy("properties.AlertId"),
            product("properties.ServiceSource"),
            ids("properties.AlertId")),

    /** Change notification of Microsoft Graph; it names no product. */
    GRAPH_NOTIFICATION(
            "a Graph change notification",
            alerts("value[*]"),
            knownBy("changeType"),
            product(),
            ids("resourceData.id", "resource/")),

    /** Body of Sentinel's alert trigger, and rows of the Log Analytics table SecurityAlert. For the order see the incident. */
    SENTINEL_ALERT(
            "a Sentinel alert",
            alerts(".", "value[*]"),
            knownBy("SystemAlertId", "VendorOriginalId", "AlertLink"),
            product("ProductName", "ProviderName"),
            ids("ExtendedProperties.Custom Details.AlertId[*]!", "AlertLink/", "VendorOriginalId", "ProviderAlertId")),

    /** Microsoft Graph {@code security/alerts_v2}: one alert or a list. */
    GRAPH_ALERT(
            "a Graph alert",
            alerts(".", "value[*]"),
            knownBy("serviceSource", "alertWebUrl"),
            product("serviceSource", "productName"),
            ids("id", "alertWebUrl/", "providerAlertId")),

    /** Defender for Endpoint's own alert object: one or a list. Other objects have an id too, hence the members beside it. */
    ENDPOINT_ALERT(
            "a Defender for Endpoint alert",
            alerts(".", "value[*]"),
            knownBy("incidentId", "machineId"),
            product(),
            ids("id"));

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

    private final String title;
    private final List<MemberPath> alerts;
    private final List<MemberPath> knownBy;
    private final List<MemberPath> product;
    private final List<IdPath> ids;

    Sender(
            String title,
            List<MemberPath> alerts,
            List<MemberPath> knownBy,
            List<MemberPath> product,
            List<IdPath> ids) {
        this.title = title;
        this.alerts = alerts;
        this.knownBy = knownBy;
        this.product = product;
        this.ids = ids;
    }

    /** What a body of this sender is called in a message. */
    String title() {
        return title;
    }

    /** The alerts of this sender in a body. */
    List<Place> alerts(Place body) {
        return alerts.stream()
                .flatMap(path -> path.from(body).stream())
                .filter(this::knows)
                .toList();
    }

    private boolean knows(Place alert) {
        return knownBy.isEmpty()
                || knownBy.stream().anyMatch(path -> !path.from(alert).isEmpty());
    }

    /** The ids of one alert: those at the first path that has any; none for an alert of another product. */
    List<IdPath.Hit> ids(Place alert) {
        boolean otherProduct = isOfOtherProduct(alert);
        return ids.stream()
                .filter(path -> path.ofAnyProduct() || !otherProduct)
                .map(path -> path.find(alert).toList())
                .filter(hits -> !hits.isEmpty())
                .findFirst()
                .orElse(List.of());
    }

    /** Whether an alert names products and none of them is Defender for Endpoint. */
    boolean isOfOtherProduct(Place alert) {
        List<String> names = product.stream()
                .flatMap(path -> path.from(alert).stream())
                .flatMap(place -> place.text().stream())
                .map(name -> name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", ""))
                .filter(name -> !name.isEmpty())
                .toList();
        return !names.isEmpty() && names.stream().noneMatch(ENDPOINT::contains);
    }

    /** All paths at which this sender's ids are looked for. */
    Stream<String> paths() {
        return alerts.stream().flatMap(alert -> ids.stream().map(id -> alert.then(id.path())));
    }

    private static List<MemberPath> alerts(String... paths) {
        return Stream.of(paths).map(MemberPath::of).toList();
    }

    private static List<MemberPath> knownBy(String... paths) {
        return Stream.of(paths).map(MemberPath::of).toList();
    }

    private static List<MemberPath> product(String... paths) {
        return Stream.of(paths).map(MemberPath::of).toList();
    }

    private static List<IdPath> ids(String... paths) {
        return Stream.of(paths).map(IdPath::of).toList();
    }
}
