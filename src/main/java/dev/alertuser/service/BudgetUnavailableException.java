package dev.alertuser.service;

/** The durable counter cannot be read or written, so no permit can be granted. The operator must look at the storage account. */
public final class BudgetUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public BudgetUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
