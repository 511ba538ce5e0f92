package dev.alertuser.payload;

/**
 * The members in which senders wrap their alerts. The reader follows each of them, in this order, in every object that is no alert itself;
 * their values may be wrapped again. Besides, any body may be an array, lines of JSON, or text that holds JSON.
 */
enum Wrapper {
    /** Outputs of a trigger in Logic Apps. */
    BODY("body"),
    /** Sentinel's incident trigger. */
    OBJECT("object"),
    /** Resources of Azure, and records of the Streaming API. */
    PROPERTIES("properties"),
    /** Incidents. */
    ALERTS("alerts"),
    /** Lists of OData, as in Graph, Azure and Log Analytics. */
    VALUE("value"),
    /** Exports to Event Hubs. */
    RECORDS("records"),
    /** Hunting queries. */
    RESULTS("results");

    private final String member;

    Wrapper(String member) {
        this.member = member;
    }

    /** The name of the member; its case is ignored. */
    String member() {
        return member;
    }
}
