package dev.alertuser.payload;

/**
 * The members under which senders put their alerts, one row each. An object that is no alert itself is looked into at each of them, in this
 * order, and what is found there may be wrapped again. Besides, every body may be an array or lines of JSON, and text that holds JSON.
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
    /** Lists of OData, which are those of Graph, of Azure and of Log Analytics. */
    VALUE("value"),
    /** Exports to Event Hubs. */
    RECORDS("records"),
    /** Hunting queries. */
    RESULTS("results");

    private final String member;

    Wrapper(String member) {
        this.member = member;
    }

    /** The name of the member, to be found ignoring case. */
    String member() {
        return member;
    }
}
