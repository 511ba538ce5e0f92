package dev.alertuser.functions.http;

import com.microsoft.azure.functions.HttpStatus;
import dev.alertuser.service.user.SignInException;
import dev.alertuser.service.user.SignInException.Fault;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/** What a user is told whose sign-in does not do. */
final class SignInError {
    private SignInError() {}

    static ApiError of(SignInException e) {
        return ApiError.of(code(e.fault()), e.getMessage());
    }

    private static ErrorCode code(Fault fault) {
        return switch (fault) {
            case MISSING -> ErrorCode.SIGN_IN_REQUIRED;
            case EXPIRED -> ErrorCode.SIGN_IN_EXPIRED;
            case WRONG_AUDIENCE -> ErrorCode.WRONG_AUDIENCE;
            case NOT_IN_TENANT -> ErrorCode.USER_NOT_IN_TENANT;
            case CONSENT_REQUIRED -> ErrorCode.CONSENT_REQUIRED;
            case INTERACTION_REQUIRED -> ErrorCode.INTERACTION_REQUIRED;
            case REJECTED -> ErrorCode.SIGN_IN_REJECTED;
            case APP_NOT_TRUSTED -> ErrorCode.FEDERATED_CREDENTIAL_MISSING;
        };
    }

    /** How to sign in, for a {@code 401}. */
    static Map<String, String> headers(SignInException e) {
        return code(e.fault()).status() == HttpStatus.UNAUTHORIZED
                ? Map.of("WWW-Authenticate", challenge(e))
                : Map.of();
    }

    /** As RFC 6750 has it; {@code claims} in Base64, as Microsoft's APIs have them. */
    private static String challenge(SignInException e) {
        String claims = e.claims();
        if (claims != null) {
            return "Bearer error=\"insufficient_claims\", claims=\""
                    + Base64.getEncoder().encodeToString(claims.getBytes(StandardCharsets.UTF_8)) + '"';
        }
        return e.fault() == Fault.MISSING ? "Bearer" : "Bearer error=\"invalid_token\"";
    }
}
