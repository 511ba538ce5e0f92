package dev.alertuser.payload.account;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.alertuser.payload.json.Json;
import dev.alertuser.service.alert.AlertUser;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A Sentinel Account entity, which playbooks pass to Sentinel's actions. Has a name, a SID, or both.
 *
 * @param name without domain
 * @param ntDomain NetBIOS domain
 * @param sid security identifier
 * @param builtIn true for an account of every Windows machine, such as SYSTEM: it is no person, and there is nothing to disable
 * @param machine true for a name that ends in {@code $}, such as that of a computer or a managed service account: no person either
 */
public record Account(
        @Nullable String name,
        @Nullable String ntDomain,
        @Nullable String sid,
        boolean builtIn,
        boolean machine) {

    /**
     * The entity for a user. A missing name comes from the id, and a missing domain from a qualified name or the id.
     *
     * @return empty if the user has neither name nor SID
     */
    public static Optional<Account> of(AlertUser user) {
        QualifiedName named = QualifiedName.of(user.accountName());
        QualifiedName id = QualifiedName.of(user.id());
        @Nullable String name = named.name() != null ? named.name() : id.name();
        @Nullable String given = value(user.accountDomain());
        @Nullable String qualified = named.domain() != null ? named.domain() : id.domain();
        @Nullable String domain = given != null ? given : qualified;
        @Nullable String sid = value(user.accountSid());
        return name == null && sid == null
                ? Optional.empty()
                : Optional.of(new Account(
                        name,
                        domain,
                        sid,
                        BuiltInAccounts.contain(name, domain, sid),
                        name != null && name.endsWith("$")));
    }

    /** {@code domain\name}, or a name alone. */
    private record QualifiedName(
            @Nullable String domain, @Nullable String name) {
        static QualifiedName of(@Nullable String text) {
            String whole = text == null ? "" : text;
            int backslash = whole.indexOf('\\');
            return new QualifiedName(
                    value(whole.substring(0, Math.max(backslash, 0))), value(whole.substring(backslash + 1)));
        }
    }

    /**
     * The entity as Sentinel's alert trigger spells it; members without a value are left out, {@code builtIn} and {@code machine} unless
     * true.
     */
    public ObjectNode toJson() {
        ObjectNode json = Json.MAPPER.createObjectNode().put("Type", "account");
        if (name != null) {
            json.put("Name", name);
        }
        if (ntDomain != null) {
            json.put("NTDomain", ntDomain);
        }
        if (sid != null) {
            json.put("Sid", sid);
        }
        if (builtIn) {
            json.put("builtIn", true);
        }
        if (machine) {
            json.put("machine", true);
        }
        return json;
    }

    private static @Nullable String value(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }

    /** Withholds the person, so that no log line can name one. */
    @Override
    public String toString() {
        return "Account[withheld]";
    }
}
