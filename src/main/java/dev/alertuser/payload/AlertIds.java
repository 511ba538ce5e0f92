package dev.alertuser.payload;

import java.util.List;
import java.util.Set;

/**
 * The content of a body: the ids to look up, and a list of all parts that are not looked up. A body of a known form may hold neither, such
 * as an incident without alerts.
 *
 * @param found each id once, in the order of its first appearance
 * @param duplicates the repetitions of these ids, which were merged into the first
 * @param skipped the parts for which Defender for Endpoint has no answer
 * @param invalid the values that should be ids and are none
 * @param clientStates the client states of all Microsoft Graph change notifications in the body, at any depth; a notification without one
 *     counts as an empty text
 */
public record AlertIds(
        List<FoundId> found,
        List<FoundId> duplicates,
        List<SkippedAlert> skipped,
        List<InvalidEntry> invalid,
        Set<String> clientStates) {
    /** The most distinct ids of one HTTP body. */
    public static final int MOST_ALERTS = 500;

    /** The largest body that is read: 1 MiB in UTF-8. */
    public static final int MAX_BYTES = 1 << 20;

    public AlertIds {
        found = List.copyOf(found);
        duplicates = List.copyOf(duplicates);
        skipped = List.copyOf(skipped);
        invalid = List.copyOf(invalid);
        clientStates = Set.copyOf(clientStates);
    }

    /**
     * Reads the alert ids of an HTTP body or a webhook delivery: alerts in any {@link BodyFormat}, in any {@link Wrapper}, in an
     * {@link Envelope} or not; a JSON string or array of ids. A bad part never affects the others.
     *
     * @param limit how many distinct ids are taken at most
     * @throws dev.alertuser.payload.json.InvalidBodyException if the body cannot be read, has no known form, or holds too much
     */
    public static AlertIds ofBody(String body, int limit) {
        return new AlertIdReader(limit, AlertIdReader.Source.BODY).read(body);
    }

    /**
     * Reads the alert ids of a CloudEvent in binary mode, where the body is the event's data. An event without an alert is valid.
     *
     * @param limit as for {@link #ofBody}
     * @throws dev.alertuser.payload.json.InvalidBodyException if the data cannot be read or holds too much
     */
    public static AlertIds ofEventData(String data, int limit) {
        return new AlertIdReader(limit, AlertIdReader.Source.EVENT_DATA).read(data);
    }

    /**
     * Reads the alert ids of a queue message: every form of an HTTP body, and a bare id, which is no JSON.
     *
     * @param limit as for {@link #ofBody}
     * @throws dev.alertuser.payload.json.InvalidBodyException as for {@link #ofBody}
     */
    public static AlertIds ofMessage(String text, int limit) {
        return new AlertIdReader(limit, AlertIdReader.Source.MESSAGE).read(text);
    }
}
