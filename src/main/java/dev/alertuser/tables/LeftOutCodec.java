package dev.alertuser.tables;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.alertuser.service.alert.LeftOut;
import dev.alertuser.service.alert.LeftOut.Kind;
import dev.alertuser.service.alert.LeftOut.Part;
import java.util.ArrayList;
import java.util.List;

/** The left-out parts of a body as bytes: deflated JSON, with the list of parts cut until it fits into one property. */
final class LeftOutCodec {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_BYTES = 64 * 1024;

    private LeftOutCodec() {}

    static byte[] encode(LeftOut leftOut) {
        byte[] bytes = encode(leftOut, leftOut.parts());
        // The counts stay; the list is halved until the property can hold it.
        for (int parts = leftOut.parts().size() / 2; bytes.length > MOST_BYTES; parts /= 2) {
            bytes = encode(leftOut, leftOut.parts().subList(0, parts));
        }
        return bytes;
    }

    private static byte[] encode(LeftOut leftOut, List<Part> parts) {
        ObjectNode json = JSON.createObjectNode()
                .put("skipped", leftOut.skipped())
                .put("invalid", leftOut.invalid())
                .put("duplicates", leftOut.duplicates());
        ArrayNode array = json.putArray("parts");
        parts.forEach(part -> array.addObject()
                .put("kind", part.kind().name())
                .put("path", part.path())
                .put("alertId", part.alertId())
                .put("code", part.code())
                .put("message", part.message()));
        return Deflated.json(JSON, json);
    }

    static LeftOut decode(byte[] bytes) {
        JsonNode json = Deflated.read(JSON, bytes);
        List<Part> parts = new ArrayList<>();
        json.path("parts")
                .forEach(part -> parts.add(new Part(
                        Kind.valueOf(part.get("kind").textValue()),
                        part.get("path").textValue(),
                        part.get("alertId").textValue(),
                        part.get("code").textValue(),
                        part.get("message").textValue())));
        return new LeftOut(
                json.get("skipped").intValue(),
                json.get("invalid").intValue(),
                json.get("duplicates").intValue(),
                parts);
    }
}
