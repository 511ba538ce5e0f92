package dev.alertuser.service.budget;

/** Who waits for a permit. */
public enum Priority {
    /** A person or a playbook step behind an HTTP request: may use the whole quota. */
    INTERACTIVE,
    /** Queued work: leaves the reserve to the interactive callers. */
    BACKLOG
}
