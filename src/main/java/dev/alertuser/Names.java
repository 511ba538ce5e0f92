package dev.alertuser;

/** Names of the queues and tables that the deployment creates; constants, since annotations need constants. */
public final class Names {
    public static final String REQUESTS_QUEUE = "alert-user-requests";
    public static final String POISON_QUEUE = "alert-user-requests-poison";
    public static final String RESULTS_QUEUE = "alert-user-results";
    public static final String BUDGET_TABLE = "AlertUserBudget";
    public static final String LOOKUPS_TABLE = "AlertUserLookups";

    private Names() {}
}
