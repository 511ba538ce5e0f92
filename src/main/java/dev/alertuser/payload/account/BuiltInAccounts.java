package dev.alertuser.payload.account;

import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The accounts that every Windows machine has, recognised by SID or by their names in the languages of Windows. */
final class BuiltInAccounts {
    private static final Pattern ACCENTS_AND_SPACES = Pattern.compile("[\\p{M}\\s-]+");

    /**
     * Anonymous, IUSR, SYSTEM, LOCAL SERVICE and NETWORK SERVICE; the prefixes are those of services, virtual accounts, window and
     * font managers: https://learn.microsoft.com/windows-server/identity/ad-ds/manage/understand-security-identifiers
     */
    private static final Set<String> SIDS = Set.of("S-1-5-7", "S-1-5-17", "S-1-5-18", "S-1-5-19", "S-1-5-20");

    private static final List<String> SID_PREFIXES =
            List.of("S-1-5-80-", "S-1-5-82-", "S-1-5-83-", "S-1-5-90-", "S-1-5-96-");

    /** SIDs issued by a domain, a machine or Entra ID: an account with such a SID is never built in, whatever its name. */
    private static final List<String> ISSUED_SID_PREFIXES = List.of("S-1-5-21-", "S-1-12-1-");

    private static final Set<String> DOMAINS = folded(
            "NT AUTHORITY",
            "NT-AUTORITÄT",
            "AUTORITE NT",
            "AUTORIDAD NT",
            "AUTORIDADE NT",
            "NT INSTANS",
            "NT-MYNDIGHED",
            "NT-MYNDIGHET",
            "NT-HALLINTA",
            "ZARZĄDZANIE NT",
            "NT SERVICE",
            "NT VIRTUAL MACHINE",
            "IIS APPPOOL",
            "WINDOW MANAGER",
            "FONT DRIVER HOST");

    /**
     * One line for each language; other languages use the English names. The documented ones (English, German, French, Italian, Spanish,
     * Russian) are in https://learn.microsoft.com/sql/database-engine/configure-windows/configure-windows-service-accounts-and-permissions.
     * A name too many does little harm, since an account with an issued SID is never built in.
     */
    private static final Set<String> NAMES = folded("""
            SYSTEM, LOCAL SYSTEM, LOCAL SERVICE, NETWORK SERVICE, ANONYMOUS LOGON, IUSR
            LOKALER DIENST, NETZWERKDIENST, ANONYMOUS-ANMELDUNG
            SYSTÈME, SERVICE LOCAL, SERVICE RÉSEAU
            SERVIZIO LOCALE, SERVIZIO DI RETE
            SERVICIO LOCAL, SERVICIO LOC, SERVICIO DE RED
            СИСТЕМА, ЛОКАЛЬНАЯ СЛУЖБА, СЕТЕВАЯ СЛУЖБА
            SISTEMA, SERVIÇO LOCAL, SERVIÇO DE REDE
            LOKALE SERVICE, NETWERKSERVICE
            LOKAL TJÄNST, NÄTVERKSTJÄNST
            LOKAL TJENESTE, NETVÆRKSTJENESTE
            LOKAL TJENESTE, NETTVERKSTJENESTE
            PAIKALLINEN PALVELU, VERKKOPALVELU
            USŁUGA LOKALNA, USŁUGA SIECIOWA
            MÍSTNÍ SLUŽBA, SÍŤOVÁ SLUŽBA
            LOKÁLNA SLUŽBA, SIEŤOVÁ SLUŽBA
            HELYI SZOLGÁLTATÁS, HÁLÓZATI SZOLGÁLTATÁS
            SERVICIU LOCAL, SERVICIU DE REȚEA
            SİSTEM, YEREL HİZMET, AĞ HİZMETİ
            ΣΥΣΤΗΜΑ, ΤΟΠΙΚΗ ΥΠΗΡΕΣΙΑ, ΥΠΗΡΕΣΙΑ ΔΙΚΤΥΟΥ
            ЛОКАЛЬНА СЛУЖБА, МЕРЕЖНА СЛУЖБА
            """.strip().split("[,\\n]"));

    private BuiltInAccounts() {}

    static boolean contain(@Nullable String name, @Nullable String domain, @Nullable String sid) {
        String upperSid = sid == null ? "" : sid.toUpperCase(Locale.ROOT);
        if (ISSUED_SID_PREFIXES.stream().anyMatch(upperSid::startsWith)) {
            return false;
        }
        return SIDS.contains(upperSid)
                || SID_PREFIXES.stream().anyMatch(upperSid::startsWith)
                || (domain != null && DOMAINS.contains(fold(domain)))
                || (name != null && NAMES.contains(fold(name)));
    }

    private static Set<String> folded(String... names) {
        return Stream.of(names).map(BuiltInAccounts::fold).collect(Collectors.toUnmodifiableSet());
    }

    /** Removes case, accents, spaces and hyphens, in which logs differ. */
    private static String fold(String name) {
        return ACCENTS_AND_SPACES
                .matcher(Normalizer.normalize(name, Normalizer.Form.NFD))
                .replaceAll("")
                .toUpperCase(Locale.ROOT);
    }
}
