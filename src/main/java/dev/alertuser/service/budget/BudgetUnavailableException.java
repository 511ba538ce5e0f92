package dev.alertuser.service.budget;

import org.jspecify.annotations.Nullable;

/** The durable counter cannot be read or written, so no permit can be granted. The operator must check the storage account. */
public final class BudgetUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public BudgetUnavailableException(@Nullable String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
