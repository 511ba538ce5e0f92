package dev.alertuser.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.functions.http.ErrorCode;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** The table of errors for callers says of each code what the app does. */
class ErrorTableTest {
    private static final Pattern CODE = Pattern.compile("`(\\w+)`");

    /** Errors whose time the app works out: the table says how in words. */
    private static final Map<ErrorCode, String> WORKED_OUT = Map.of(
            ErrorCode.BUDGET_EXHAUSTED, "the caller's own place in line",
            ErrorCode.BUDGET_RECOVERING, "until it has recovered",
            ErrorCode.DEFENDER_THROTTLED, "the pause",
            ErrorCode.DEFENDER_UNAVAILABLE, "Defender's own, or 30",
            ErrorCode.SAME_QUESTION_UNDER_WAY, "1");

    private record Row(String status, String retryAfter) {}

    private final Map<String, Row> table = table();

    private static Map<String, Row> table() {
        Map<String, Row> table = new HashMap<>();
        for (List<String> cells : MarkdownDocument.CALLERS.section("Errors").rows()) {
            CODE.matcher(cells.get(1))
                    .results()
                    .forEach(code -> assertThat(table.put(code.group(1), new Row(cells.get(0), cells.get(3))))
                            .as("another row of %s", code.group(1))
                            .isNull());
        }
        return table;
    }

    @Test
    void hasEachCodeAndNoOther() {
        assertThat(table.keySet())
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(ErrorCode.values())
                        .filter(code -> code != ErrorCode.REQUEST_EXPIRED)
                        .map(ErrorCode::code)
                        .toList());
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "REQUEST_EXPIRED")
    void saysTheStatusAndWhenToComeBack(ErrorCode code) {
        String wait = code.retryAfter() == null ? "–" : "" + code.retryAfter().toSeconds();

        assertThat(table.get(code.code()))
                .isEqualTo(new Row("" + code.status().value(), WORKED_OUT.getOrDefault(code, wait)));
    }
}
