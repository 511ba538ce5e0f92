package dev.alertuser.payload.account;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.alertuser.service.alert.AlertUser;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccountTest {

    @ParameterizedTest(name = "id {0}, name {1}, domain {2}, SID {3}: {4}")
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
        contoso\\pat ; pat ; contoso ; S-1-5-21-1-2-3-1001 ; {"Type":"account","Name":"pat","NTDomain":"contoso","Sid":"S-1-5-21-1-2-3-1001"}
        contoso\\pat ;     ;         ;                     ; {"Type":"account","Name":"pat","NTDomain":"contoso"}
        pat          ;     ;         ;                     ; {"Type":"account","Name":"pat"}
        lap-042\\chris p ; ;         ;                     ; {"Type":"account","Name":"chris p","NTDomain":"lap-042"}
        contoso\\pat ; kim ; fabrikam ;                    ; {"Type":"account","Name":"kim","NTDomain":"fabrikam"}
        contoso\\pat ; pat ;         ;                     ; {"Type":"account","Name":"pat","NTDomain":"contoso"}
                     ;     ;         ; S-1-5-21-1-2-3-1001 ; {"Type":"account","Sid":"S-1-5-21-1-2-3-1001"}
        \\pat        ;     ;         ;                     ; {"Type":"account","Name":"pat"}
        """)
    void saysWhoInSentinelsWords(String id, String name, String domain, String sid, String json) {
        assertThat(Account.of(user(id, name, domain, sid)))
                .hasValueSatisfying(account -> assertThat(account.toJson()).hasToString(json));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
        ; ; ;
        ; ; contoso ;
        contoso\\ ; ; ;
        ; `  ` ; ; `  `
        """)
    void isEmptyWithoutNameAndSid(String id, String name, String domain, String sid) {
        assertThat(Account.of(user(id, name, domain, sid))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "anyone, contoso, S-1-5-18",
        "anyone, contoso, s-1-5-19",
        "anyone, contoso, S-1-5-20",
        "anyone, contoso, S-1-5-7",
        "dwm-1, window manager, S-1-5-90-0-1",
        "dwm-1, window manager, ",
        "umfd-0, Font Driver Host, ",
        "system, nt authority, ",
        "local service, , ",
        "NETWORK SERVICE, lap-042, ",
        "Anonymous Logon, , ",
        "defaultapppool, iis apppool, S-1-5-82-1-2",
        ", , S-1-5-80-1-2-3",
    })
    void flagsTheAccountsThatEveryMachineHas(String name, String domain, String sid) {
        Account account = Account.of(user(null, name, domain, sid)).orElseThrow();

        assertThat(account.builtIn()).isTrue();
        assertThat(account.toJson().get("builtIn").booleanValue()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NT-AUTORITÄT\\SYSTEM",
                "NT-AUTORITÄT\\LOKALER DIENST",
                "nt-autorität\\Netzwerkdienst",
                "AUTORITE NT\\Système",
                "AUTORITE NT\\SERVICE LOCAL",
                "AUTORITE NT\\SERVICE RÉSEAU",
                "autorité nt\\systeme",
                "NT AUTHORITY\\SERVIZIO LOCALE",
                "NT AUTHORITY\\SERVIZIO DI RETE",
                "NT AUTHORITY\\SERVICIO LOC",
                "NT AUTHORITY\\Servicio de red",
                "NT AUTHORITY\\СИСТЕМА",
                "AUTORIDADE NT\\SISTEMA",
                "AUTORIDADE NT\\Serviço de Rede",
                "NT INSTANS\\SYSTEM",
                "NT INSTANS\\NÄTVERKSTJÄNST",
                "NT-MYNDIGHED\\LOKAL TJENESTE",
                "NT-MYNDIGHET\\NETTVERKSTJENESTE",
                "ZARZĄDZANIE NT\\USŁUGA SIECIOWA",
                "NT AUTHORITY\\AĞ HİZMETİ",
                "NT AUTHORITY\\HÁLÓZATI SZOLGÁLTATÁS",
            })
    void flagsThemInOtherLanguagesWithAndWithoutTheDomain(String account) {
        String name = account.substring(account.indexOf('\\') + 1);

        for (AlertUser user : List.of(
                user(account, null, null, null),
                user(null, account, null, null),
                user(null, name, null, null),
                user(null, name, "lap-042", null))) {
            assertThat(Account.of(user))
                    .hasValueSatisfying(found -> assertThat(found.builtIn()).isTrue());
        }
        assertThat(Account.of(user(null, name, "contoso", "S-1-5-21-1-2-3-1001")))
                .hasValueSatisfying(found -> assertThat(found.builtIn()).isFalse());
    }

    @ParameterizedTest
    @CsvSource({
        "system, contoso, S-1-5-21-1-2-3-1001",
        "iusr, azuread, S-1-12-1-1-2-3-4",
        "administrator, lap-042, S-1-5-21-1-2-3-500",
        "pat, contoso, ",
        "systemadmin, contoso, ",
        "pat, contoso, S-1-5-180",
    })
    void flagsNoAccountThatADomainOrMachineIssued(String name, String domain, String sid) {
        Account account = Account.of(user(null, name, domain, sid)).orElseThrow();

        assertThat(account.builtIn()).isFalse();
        assertThat(account.toJson().has("builtIn")).isFalse();
    }

    @Test
    void tellsNothingOfThePersonAsText() {
        assertThat(Account.of(user("contoso\\pat", "pat", "contoso", "S-1-5-21-1-2-3-1001")))
                .hasValueSatisfying(account -> assertThat(account).hasToString("Account[withheld]"));
    }

    @Property
    void neverHoldsAMemberWithoutValue(
            @ForAll("values") String id,
            @ForAll("values") String name,
            @ForAll("values") String domain,
            @ForAll("values") String sid) {
        Account.of(user(id, name, domain, sid)).ifPresent(account -> {
            JsonNode json = account.toJson();
            assertThat(json.properties())
                    .allSatisfy(member -> assertThat(member.getValue().asText()).isNotBlank())
                    .extracting(Map.Entry::getKey)
                    .isSubsetOf(Set.of("Type", "Name", "NTDomain", "Sid", "builtIn", "machine"))
                    .containsAnyOf("Name", "Sid");
            assertThat(json).noneMatch(JsonNode::isNull);
        });
    }

    @Provide
    Arbitrary<String> values() {
        return Arbitraries.oneOf(
                        Arbitraries.strings().ofMaxLength(20),
                        Arbitraries.of(
                                "", " ", "\\", "contoso\\", "\\pat", "contoso\\pat", "S-1-5-18", "SYSTEM", "pc$"))
                .injectNull(0.3);
    }

    private static AlertUser user(String id, String name, String domain, String sid) {
        return new AlertUser("{}", id, name, domain, sid);
    }
}
