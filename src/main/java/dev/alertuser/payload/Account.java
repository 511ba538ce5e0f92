package dev.alertuser.payload;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.alertuser.service.AlertUser;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A Sentinel Account entity, which playbooks hand to Sentinel's own actions. Has a name, a SID, or both.
 *
 * @param name without domain
 * @param ntDomain NetBIOS domain
 * @param sid security identifier
 * @param builtIn whether every Windows machine has this account, as SYSTEM: nothing to disable, and no person behind it
 */
public record Account(
        @Nullable String name,
        @Nullable String ntDomain,
        @Nullable String sid,
        boolean builtIn) {

    /**
     * Anonymous, IUSR, SYSTEM, LOCAL SERVICE and NETWORK SERVICE; the prefixes are those of services, virtual accounts, window and
     * font managers: https://learn.microsoft.com/windows-server/identity/ad-ds/manage/understand-security-identifiers
     */
    private static final Set<String> BUILT_IN_SIDS = Set.of("S-1-5-7", "S-1-5-17", "S-1-5-18", "S-1-5-19", "S-1-5-20");

    private static final List<String> BUILT_IN_SID_PREFIXES =
            List.of("S-1-5-80-", "S-1-5-82-", "S-1-5-83-", "S-1-5-90-", "S-1-5-96-");

    /** SIDs that a domain, a machine or Entra ID gives out: whatever such an account is called, it is none of Windows' own. */
    private static final List<String> ISSUED_SID_PREFIXES = List.of("S-1-5-21-", "S-1-12-1-");

    private static final Set<String> BUILT_IN_DOMAINS = Set.of(
            "NT AUTHORITY", "NT SERVICE", "NT VIRTUAL MACHINE", "IIS APPPOOL", "WINDOW MANAGER", "FONT DRIVER HOST");

    private static final Set<String> BUILT_IN_NAMES = Set.of(
            "SYSTEM",
            "LOCAL SYSTEM",
            "LOCALSYSTEM",
            "LOCAL SERVICE",
            "LOCALSERVICE",
            "NETWORK SERVICE",
            "NETWORKSERVICE",
            "ANONYMOUS LOGON",
            "IUSR");

    /**
     * The entity for a user; name and domain come from its id where Defender leaves them out.
     *
     * @return empty if the user has neither name nor SID
     */
    public static Optional<Account> of(AlertUser user) {
        String id = user.id() == null ? "" : user.id();
        int backslash = id.indexOf('\\');
        @Nullable String name = first(user.accountName(), id.substring(backslash + 1));
        @Nullable String domain = first(user.accountDomain(), id.substring(0, Math.max(backslash, 0)));
        @Nullable String sid = value(user.accountSid());
        return name == null && sid == null
                ? Optional.empty()
                : Optional.of(new Account(name, domain, sid, isBuiltIn(name, domain, sid)));
    }

    /** The entity as Sentinel's alert trigger spells it; a member without a value is left out, {@code builtIn} unless true. */
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
        return json;
    }

    private static boolean isBuiltIn(@Nullable String name, @Nullable String domain, @Nullable String sid) {
        String upperSid = upper(sid);
        if (ISSUED_SID_PREFIXES.stream().anyMatch(upperSid::startsWith)) {
            return false;
        }
        return BUILT_IN_SIDS.contains(upperSid)
                || BUILT_IN_SID_PREFIXES.stream().anyMatch(upperSid::startsWith)
                || BUILT_IN_DOMAINS.contains(upper(domain))
                || BUILT_IN_NAMES.contains(upper(name));
    }

    private static String upper(@Nullable String text) {
        return text == null ? "" : text.toUpperCase(Locale.ROOT);
    }

    private static @Nullable String first(@Nullable String value, String otherwise) {
        @Nullable String given = value(value);
        return given != null ? given : value(otherwise);
    }

    private static @Nullable String value(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }

    /** Says nothing of the person, so that no log line can. */
    @Override
    public String toString() {
        return "Account[withheld]";
    }
}
