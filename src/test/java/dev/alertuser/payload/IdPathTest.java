package dev.alertuser.payload;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.alertuser.payload.IdPath.Candidate;
import dev.alertuser.payload.json.Json;
import dev.alertuser.payload.json.Located;
import dev.alertuser.payload.json.ReadingWork;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The notation of the paths in {@link BodyFormat}. */
class IdPathTest {

    @ParameterizedTest
    @CsvSource({
        "alertId, alertId, ID",
        "alertLink/, alertLink, LINK",
        "customDetails.AlertId[*]!, customDetails.AlertId[*], AUTHORS",
        "AlertIds[*]~, AlertIds[*], SENTINELS",
    })
    void writesTheKindAsASuffix(String text, String path, IdPath.Kind kind) {
        assertThat(IdPath.of(text))
                .extracting(read -> read.path().text(), IdPath::kind)
                .containsExactly(path, kind);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            id       | {"id":"da1_1"}                                         | da1_1 at id
            id       | {"id":" "}                                             |
            id       | {"id":7}                                               |
            link/    | {"link":"https://h/alerts/da1_1?tid=x"}                | da1_1 at link
            link/    | {"link":"https://h/incidents/1"}                       |
            a.ids[*] | {"a":{"ids":["da1_1","","da2_2",null]}}                | da1_1 at a.ids[0], da2_2 at a.ids[2]
            a.ids[*] | {"A":{"IDS":"da1_1"}}                                  | da1_1 at a.ids
            """)
    void givesTheTextsThatMayBeIdsInTheirOrder(String path, String alert, String expected)
            throws JsonProcessingException {
        List<Candidate> candidates = IdPath.of(path).candidates(new Located("", Json.read(alert), new ReadingWork()));

        assertThat(candidates)
                .extracting(candidate -> candidate.text() + " at " + candidate.path())
                .isEqualTo(expected == null ? List.of() : List.of(expected.split(", ")));
    }
}
