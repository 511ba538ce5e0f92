package dev.alertuser;

/** Names of queues and tables, as the deployment makes them. Constants, since annotations need them. */
public final class Names {
    public static final String REQUESTS_QUEUE = "alert-user-requests";
    public static final String POISON_QUEUE = "alert-user-requests-poison";
    public static final String RESULTS_QUEUE = "alert-user-results";
    public static final String BUDGET_TABLE = "AlertUserBudget";
    public static final String LOOKUPS_TABLE = "AlertUserLookups";

    private Names() {}
}
