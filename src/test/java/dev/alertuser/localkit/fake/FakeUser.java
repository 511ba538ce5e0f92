package dev.alertuser.localkit.fake;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A user of the fake tenant, with what Defender lets that user see. The devices of alerts whose id begins with {@code server} are in the
 * device group of servers, all others in that of workstations.
 *
 * @param deviceGroups groups whose devices the user may see; none for who lacks the permission <i>View Data</i>
 */
public record FakeUser(String name, String objectId, Set<String> deviceGroups) {
    private static final String SERVERS = "servers";
    private static final String WORKSTATIONS = "workstations";
    private static final Map<String, FakeUser> ALL = new ConcurrentHashMap<>();

    /** May see all devices. */
    public static final FakeUser ADA = of("Ada", SERVERS, WORKSTATIONS);

    /** May see no servers. */
    public static final FakeUser BOB = of("Bob", WORKSTATIONS);

    /** Works elsewhere, and lacks <i>View Data</i>. */
    public static final FakeUser CY = of("Cy");

    private static FakeUser of(String name, String... deviceGroups) {
        FakeUser user = new FakeUser(name, UUID.randomUUID().toString(), Set.of(deviceGroups));
        ALL.put(user.objectId, user);
        return user;
    }

    /** One more analyst who may see all devices, or none. */
    public static FakeUser another(boolean seesAll) {
        return seesAll ? of("Analyst", SERVERS, WORKSTATIONS) : of("Analyst");
    }

    static Optional<FakeUser> find(String objectId) {
        return Optional.ofNullable(ALL.get(objectId));
    }

    boolean maySee(String alertId) {
        return deviceGroups.contains(alertId.startsWith("server") ? SERVERS : WORKSTATIONS);
    }
}
