package dev.alertuser.localkit.host.queue;

import com.azure.storage.queue.models.QueueMessageItem;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Map;

/** The trigger metadata of a queue message, as the worker sees them. */
final class QueueMetadata {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssxxx");

    private QueueMetadata() {}

    /**
     * The message's own data, times with quotation marks inside, and over them the members of a JSON body except arrays. A member whose
     * name differs from one of the message's own data only in case replaces that: {@code id} is then what {@code Id} gives.
     */
    static Map<String, String> of(QueueMessageItem message, String text) {
        Map<String, String> metadata = new HashMap<>();
        metadata.put("QueueTrigger", text);
        metadata.put("DequeueCount", Long.toString(message.getDequeueCount()));
        metadata.put("ExpirationTime", quoted(message.getExpirationTime()));
        metadata.put("Id", message.getMessageId());
        metadata.put("InsertionTime", quoted(message.getInsertionTime()));
        metadata.put("NextVisibleTime", quoted(message.getTimeNextVisible()));
        metadata.put("PopReceipt", message.getPopReceipt());
        addMembers(text, metadata);
        return metadata;
    }

    private static void addMembers(String text, Map<String, String> metadata) {
        JsonNode body;
        try {
            body = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return;
        }
        body.properties().forEach(member -> {
            JsonNode value = member.getValue();
            if (!value.isNull() && !value.isArray()) {
                metadata.put(
                        nameIn(metadata, member.getKey()), value.isValueNode() ? value.asText() : value.toString());
            }
        });
    }

    private static String nameIn(Map<String, String> metadata, String name) {
        return metadata.keySet().stream()
                .filter(known -> known.equalsIgnoreCase(name))
                .findFirst()
                .orElse(name);
    }

    private static String quoted(OffsetDateTime time) {
        return '"' + TIME.format(time) + '"';
    }
}
