package dev.alertuser.localkit.fake;

/** The users that {@link FakeDefender} knows, in the shapes that Defender gives them. */
public final class FakeDefenderUsers {
    private static final String CONTEXT =
            "\"@odata.context\":\"https://api.securitycenter.microsoft.com/api/$metadata#Users/$entity\"";

    /** The user of the documentation's example, to the letter. */
    public static final String SEED = "{" + CONTEXT + ",\"id\":\"contoso\\\\user1\",\"accountName\":\"user1\","
            + "\"accountDomain\":\"contoso\",\"accountSid\":\"S-1-5-21-72051607-1745760036-109187956-93922\","
            + "\"firstSeen\":\"2019-12-08T06:33:39Z\",\"lastSeen\":\"2020-01-05T06:58:34Z\","
            + "\"mostPrevalentMachineId\":\"0111b647235c26159bec3e5eb6c8c3a0cc3ab766\","
            + "\"leastPrevalentMachineId\":\"0111b647235c26159bec3e5eb6c8c3a0cc3ab766\","
            + "\"logonTypes\":\"Network\",\"logOnMachinesCount\":1,\"isDomainAdmin\":false,\"isOnlyNetworkUser\":false}";

    static final String SHAPE_OF_2020 = "{" + CONTEXT + ",\"id\":\"contoso\\\\user2\","
            + "\"firstSeen\":\"2019-11-02T07:21:00Z\",\"lastSeen\":\"2020-02-11T16:40:05Z\","
            + "\"mostPrevalentMachineId\":null,\"leastPrevalentMachineId\":null,"
            + "\"logonTypes\":\"Interactive\",\"logOnMachinesCount\":2,\"isDomainAdmin\":false,\"isOnlyNetworkUser\":null}";

    static final String WITH_NULLS = "{" + CONTEXT + ",\"id\":\"desk 7\\\\user three\",\"accountName\":\"user three\","
            + "\"accountDomain\":\"desk 7\",\"accountSid\":null,\"firstSeen\":\"2023-03-01T10:00:00.1234567Z\","
            + "\"lastSeen\":\"2023-03-02T10:00:00Z\",\"mostPrevalentMachineId\":null,\"leastPrevalentMachineId\":null,"
            + "\"logonTypes\":\"Interactive\",\"logOnMachinesCount\":null,\"isDomainAdmin\":true,\"isOnlyNetworkUser\":null}";

    private FakeDefenderUsers() {}

    /** A user made up from the alert id: the same one each time. */
    static String of(String alertId) {
        int number = Math.floorMod(alertId.hashCode(), 9000) + 1000;
        return "{" + CONTEXT + ",\"id\":\"contoso\\\\user" + number + "\",\"accountName\":\"user" + number + "\","
                + "\"accountDomain\":\"contoso\",\"accountSid\":\"S-1-5-21-1000000001-1000000002-1000000003-" + number
                + "\",\"firstSeen\":\"2025-01-02T03:04:05Z\",\"lastSeen\":\"2025-06-07T08:09:10Z\","
                + "\"mostPrevalentMachineId\":\"33333333333333333333333333333333cccccccc\","
                + "\"leastPrevalentMachineId\":null,\"logonTypes\":\"Interactive\",\"logOnMachinesCount\":3,"
                + "\"isDomainAdmin\":false,\"isOnlyNetworkUser\":null}";
    }
}
