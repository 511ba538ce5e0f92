package dev.alertuser.service.user;

import org.jspecify.annotations.Nullable;

/** A user's sign-in does not lead to a token for Defender. The message says who must do what, and holds neither a token nor a name. */
public final class SignInException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Fault fault;
    private final @Nullable String claims;

    /** What is at fault. Each calls for somebody else, or for something else to do. */
    public enum Fault {
        /** No user has signed in. */
        MISSING,
        /** The user's token has ended. */
        EXPIRED,
        /** The user's token is for another API. */
        WRONG_AUDIENCE,
        /** The user is a guest whom the tenant does not know, or of another tenant. */
        NOT_IN_TENANT,
        /** Nobody has consented that the app asks Defender for its users. */
        CONSENT_REQUIRED,
        /** Conditional Access wants more of the user. */
        INTERACTION_REQUIRED,
        /** Entra ID refuses the sign-in for another reason. */
        REJECTED,
        /** The app registration does not trust the app's managed identity. */
        APP_NOT_TRUSTED
    }

    public SignInException(Fault fault, String message) {
        this(fault, message, null);
    }

    /** @param claims what Conditional Access wants, in JSON as Entra ID gives it; null if it gives none */
    public SignInException(Fault fault, String message, @Nullable String claims) {
        super(message);
        this.fault = fault;
        this.claims = claims;
    }

    public Fault fault() {
        return fault;
    }

    /** What a new sign-in has to send along, in JSON; null for nothing. */
    public @Nullable String claims() {
        return claims;
    }
}
