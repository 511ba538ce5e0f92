package dev.alertuser.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.alertuser.payload.json.InvalidBodyException;
import dev.alertuser.payload.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What one sender writes never decides what becomes of another's body. */
class HostileJsonTest {
    private static final int LIMIT = 20;

    /** Under the hash that Jackson's symbol table uses, "BA" and "Ab" are one: each bit picks one of them. */
    private static String collidingName(int bits, int blocks) {
        return IntStream.range(0, blocks)
                .mapToObj(i -> (bits >> i & 1) == 0 ? "BA" : "Ab")
                .collect(Collectors.joining());
    }

    private static String objectOf(List<String> names) {
        return names.stream().map(name -> '"' + name + "\":0").collect(Collectors.joining(",", "{", "}"));
    }

    private static String collidingBody() {
        return objectOf(
                IntStream.range(0, 310).mapToObj(i -> collidingName(i, 9)).toList());
    }

    /** Valid, and with enough distinct names to grow a symbol table. */
    private static String honestBody(int from) {
        List<String> names =
                IntStream.range(from, from + 500).mapToObj(i -> "member" + i).toList();
        return "{\"alertId\":\"da1_1\",\"more\":" + objectOf(names) + "}";
    }

    @Test
    void membersThatCollideSpoilNoBodyOfOthers() {
        for (int i = 0; i < 5; i++) {
            readOrRefuse(collidingBody());
            assertThat(AlertIds.ofMessage(honestBody(i * 500), LIMIT).found()).hasSize(1);
        }
    }

    @Test
    void tenThousandRandomBodiesSpoilNoBodyOfOthers() {
        Random random = new Random(11);
        for (int i = 0; i < 10_000; i++) {
            readOrRefuse(randomBody(random));
            if (i % 100 == 0) {
                assertThat(AlertIds.ofMessage(honestBody(random.nextInt(1_000_000)), LIMIT)
                                .found())
                        .hasSize(1);
            }
        }
    }

    @Test
    void anyFailureOfTheParserIsOneOfTheText() {
        JsonMapper sharingNames = new JsonMapper();

        assertThatThrownBy(() -> Json.read(sharingNames, collidingBody())).isInstanceOf(JsonProcessingException.class);
        assertThatThrownBy(() -> Json.read(sharingNames, honestBody(0)))
                .isInstanceOf(JsonProcessingException.class)
                .hasCauseInstanceOf(IllegalStateException.class);
    }

    private static String randomBody(Random random) {
        int blocks = 8 + random.nextInt(5);
        List<String> names = new ArrayList<>();
        for (int i = random.nextInt(600); i > 0; i--) {
            names.add(
                    random.nextInt(20) == 0
                            ? "n" + random.nextInt(1_000)
                            : collidingName(random.nextInt(1 << blocks), blocks));
        }
        String body = objectOf(names);
        return random.nextInt(5) == 0 ? body.substring(0, random.nextInt(body.length())) : body;
    }

    private static void readOrRefuse(String body) {
        try {
            AlertIds.ofMessage(body, LIMIT);
        } catch (InvalidBodyException e) {
            assertThat(e.reason())
                    .isIn(InvalidBodyException.Reason.INVALID_BODY, InvalidBodyException.Reason.NO_ALERT_ID);
        }
    }
}
