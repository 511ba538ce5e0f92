package dev.alertuser.service.alert;

import org.jspecify.annotations.Nullable;

/**
 * The user behind an alert, as Defender described it.
 *
 * @param json Defender's answer, unchanged: one JSON object, including members unknown to us
 * @param id normally {@code domain\name}, in some answers the name alone; may hold spaces
 * @param accountName name without domain
 * @param accountDomain NetBIOS domain
 * @param accountSid security identifier; often null in real answers
 */
public record AlertUser(
        String json,
        @Nullable String id,
        @Nullable String accountName,
        @Nullable String accountDomain,
        @Nullable String accountSid) {

    /** Withholds the person, so that no log line can name one. */
    @Override
    public String toString() {
        return "AlertUser[withheld]";
    }
}
