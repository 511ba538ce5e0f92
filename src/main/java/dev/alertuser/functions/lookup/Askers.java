package dev.alertuser.functions.lookup;

import dev.alertuser.Application.DelegatedParts;
import dev.alertuser.Application.LookupParts;
import dev.alertuser.functions.http.CallLog;
import dev.alertuser.functions.http.ErrorCode;
import dev.alertuser.functions.http.HttpCall;
import dev.alertuser.functions.http.RequestException;
import dev.alertuser.functions.http.Responses;
import java.util.Optional;
import java.util.function.Supplier;

/** In whose name a call asks: the app's, or that of the user who calls. */
final class Askers {
    private final Supplier<LookupParts> app;
    private final Supplier<Optional<DelegatedParts>> users;

    /** @param users empty if users cannot ask with their own rights */
    Askers(Supplier<LookupParts> app, Supplier<Optional<DelegatedParts>> users) {
        this.app = app;
        this.users = users;
    }

    /** What answers calls in the app's name. */
    LookupParts app() {
        return app.get();
    }

    /**
     * What answers this call in the name of the user who calls; empty if it asks in the app's.
     *
     * @throws RequestException if it asks as a user, which is not set up
     * @throws dev.alertuser.service.user.SignInException if it asks as a user whose sign-in does not do
     */
    Optional<LookupParts> user(HttpCall call, Responses responses, Preferences preferences)
            throws InterruptedException {
        if (!preferences.asMe()) {
            return Optional.empty();
        }
        DelegatedParts parts = users.get()
                .orElseThrow(() -> new RequestException(
                        ErrorCode.DELEGATION_NOT_CONFIGURED,
                        "Users cannot ask with their own rights here: the operator has not set DELEGATED_CLIENT_ID."));
        if (!parts.delegation().signInInFront()) {
            throw new RequestException(
                    ErrorCode.DELEGATION_NOT_CONFIGURED,
                    "Users cannot ask with their own rights here: the sign-in of the platform is off, so nobody vouches for"
                            + " a user. The operator turns on authentication for the function app.");
        }
        LookupParts user = parts.signIns()
                .of(PlatformSignIn.read(
                        call.headers(), parts.delegation(), parts.time().instant()));
        call.log().put(CallLog.Field.AS, "user");
        responses.applied("as=me");
        responses.counts(parts.limiter());
        return Optional.of(user);
    }
}
