package dev.alertuser.service.budget;

/** Priority of a caller that waits for a permit. */
public enum Priority {
    /** A person or a playbook step behind an HTTP request: may use the whole quota. */
    INTERACTIVE,
    /** Queued work: leaves the reserve to the interactive callers. */
    BACKLOG
}
