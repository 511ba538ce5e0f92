package dev.alertuser.payload;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.alertuser.payload.json.InvalidBodyException;
import dev.alertuser.payload.json.Json;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** No body whatever makes the reader fail in a way that is not its own, or give an id that is none. */
class AlertIdsFuzzTest {
    private static final int LIMIT = 20;

    /** Names and values that lead the reader far into its table. */
    private static final String[] NAMES = {
        "alertId",
        "ALERTIDS",
        "correlationId",
        "specversion",
        "eventType",
        "data",
        "id",
        "value",
        "records",
        "alerts",
        "object",
        "properties",
        "Properties",
        "alertLink",
        "AlertLink",
        "productName",
        "ProviderName",
        "serviceSource",
        "providerAlertId",
        "VendorOriginalId",
        "ExtendedProperties",
        "additionalData",
        "Custom Details",
        "AlertId",
        "changeType",
        "resourceData",
        "resource",
        "alertWebUrl",
        "incidentId",
        "machineId"
    };

    private static final String[] VALUES = {
        "da637472900382838869_1364969609",
        "https://security.microsoft.com/alerts/da1_2?tid=3",
        "security/alerts('x')",
        "MDATP",
        "Azure Sentinel",
        "{\"alertId\":\"a\"}",
        "[\"b\",{\"AlertId\":[\"c\"]}]",
        "{\"AlertId\":[\"[\\\"d\\\"]\"]}",
        "\"\\\"e\\\"\"",
        "[[[[",
        "no id",
        ""
    };

    @Property(tries = 10_000, edgeCases = EdgeCasesMode.NONE)
    void readsRandomJson(@ForAll long seed) {
        readsOrRefuses(randomContainer(new Random(seed), 5).toString());
    }

    @Property(tries = 10_000, edgeCases = EdgeCasesMode.NONE)
    void readsMutatedBodiesOfKnownSenders(@ForAll SenderBody body, @ForAll long seed) {
        readsOrRefuses(mutate(body.text(), new Random(seed)));
    }

    @Property(tries = 10_000, edgeCases = EdgeCasesMode.NONE)
    void readsBodiesOfKnownSendersWithOtherValues(@ForAll SenderBody body, @ForAll long seed)
            throws JsonProcessingException {
        readsOrRefuses(replaceSome(Json.read(body.text()), new Random(seed)).toString());
    }

    @Property
    void readsAnyText(@ForAll String body) {
        readsOrRefuses(body);
    }

    @Property
    void findsTheSameWhateverTheCaseOfTheMemberNames(@ForAll SenderBody body, @ForAll long seed)
            throws JsonProcessingException {
        JsonNode varied = varyCase(Json.read(body.text()), new Random(seed));

        AlertIds ids = AlertIds.ofBody(varied.toString(), LIMIT);

        assertThat(SenderBody.describe(ids)).isEqualTo(body.found);
        assertThat(ids.skipped()).hasSize(body.skipped);
        assertThat(ids.invalid()).isEmpty();
    }

    private static void readsOrRefuses(String body) {
        try {
            AlertIds ids = AlertIds.ofMessage(body, LIMIT);
            assertThat(ids.found()).hasSizeLessThanOrEqualTo(LIMIT);
            assertThat(ids.invalid()).allSatisfy(entry -> assertIsPlain(entry.message()));
            assertThat(ids.skipped()).allSatisfy(entry -> assertIsPlain(entry.message()));
            assertThat(ids.found())
                    .allSatisfy(found -> assertThat(found.alertId().value()).matches("[A-Za-z0-9_-]{1,128}"));
        } catch (InvalidBodyException e) {
            assertIsPlain(e.getMessage());
        }
    }

    private static void assertIsPlain(String message) {
        assertThat(message).doesNotStartWith("null").hasSizeLessThan(2_000).matches("[\\x20-\\x7E]+");
    }

    private static JsonNode randomContainer(Random random, int depth) {
        if (random.nextInt(4) == 0) {
            ArrayNode array = Json.MAPPER.createArrayNode();
            for (int i = random.nextInt(4); i > 0; i--) {
                array.add(randomJson(random, depth));
            }
            return array;
        }
        ObjectNode object = Json.MAPPER.createObjectNode();
        for (int i = random.nextInt(6); i > 0; i--) {
            object.set(NAMES[random.nextInt(NAMES.length)], randomJson(random, depth));
        }
        return object;
    }

    private static JsonNode randomJson(Random random, int depth) {
        if (depth > 0 && random.nextBoolean()) {
            return randomContainer(random, depth - 1);
        }
        return switch (random.nextInt(10)) {
            case 0 -> Json.MAPPER.nullNode();
            case 1 -> Json.MAPPER.getNodeFactory().numberNode(random.nextDouble());
            case 2 -> Json.MAPPER.getNodeFactory().booleanNode(random.nextBoolean());
            default -> Json.MAPPER.getNodeFactory().textNode(VALUES[random.nextInt(VALUES.length)]);
        };
    }

    /** One to three cuts, doublings and insertions. */
    private static String mutate(String text, Random random) {
        StringBuilder mutated = new StringBuilder(text);
        for (int i = random.nextInt(3); i >= 0 && mutated.length() > 1; i--) {
            int from = random.nextInt(mutated.length());
            int to = Math.min(mutated.length(), from + 1 + random.nextInt(random.nextBoolean() ? 3 : 300));
            switch (random.nextInt(4)) {
                case 0 -> mutated.delete(from, to);
                case 1 -> mutated.insert(random.nextInt(mutated.length()), mutated.substring(from, to));
                case 2 -> mutated.setCharAt(from, "{}[]\",:\\0 \uFEFF\ud800".charAt(random.nextInt(12)));
                default -> {
                    String value = VALUES[random.nextInt(VALUES.length)];
                    mutated.insert(from, random.nextBoolean() ? value : NAMES[random.nextInt(NAMES.length)]);
                }
            }
        }
        return mutated.toString();
    }

    /** Some values by values that lead astray, and by copies of what is around them. */
    private static JsonNode replaceSome(JsonNode node, Random random) {
        if (node.isContainerNode() && random.nextInt(20) > 0) {
            JsonNode replaced = node.deepCopy();
            if (replaced instanceof ObjectNode object) {
                object.properties().forEach(member -> member.setValue(replaceSome(member.getValue(), random)));
            } else if (replaced instanceof ArrayNode array) {
                for (int i = 0; i < array.size(); i++) {
                    array.set(i, replaceSome(array.get(i), random));
                }
            }
            return random.nextInt(20) > 0
                    ? replaced
                    : Json.MAPPER.createArrayNode().add(node).add(replaced);
        }
        return switch (random.nextInt(20)) {
            case 0 -> Json.MAPPER.nullNode();
            case 1 -> Json.MAPPER.getNodeFactory().numberNode(random.nextInt());
            case 2 -> Json.MAPPER.getNodeFactory().textNode(node.toString());
            case 3, 4, 5 -> Json.MAPPER.getNodeFactory().textNode(VALUES[random.nextInt(VALUES.length)]);
            default -> node;
        };
    }

    /** Also of the names in texts that hold JSON. */
    private static JsonNode varyCase(JsonNode node, Random random) throws JsonProcessingException {
        if (node instanceof ObjectNode object) {
            ObjectNode varied = Json.MAPPER.createObjectNode();
            for (Map.Entry<String, JsonNode> member : object.properties()) {
                varied.set(varyCase(member.getKey(), random), varyCase(member.getValue(), random));
            }
            return varied;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode varied = Json.MAPPER.createArrayNode();
            for (JsonNode element : array) {
                varied.add(varyCase(element, random));
            }
            return varied;
        }
        JsonNode inner = Json.open(node);
        return inner.isTextual() || !node.isTextual()
                ? node
                : Json.MAPPER.getNodeFactory().textNode(varyCase(inner, random).toString());
    }

    private static String varyCase(String name, Random random) {
        StringBuilder varied = new StringBuilder();
        for (String letter : List.of(name.split(""))) {
            varied.append(random.nextBoolean() ? letter.toUpperCase(Locale.ROOT) : letter.toLowerCase(Locale.ROOT));
        }
        return varied.toString();
    }
}
