package dev.alertuser.payload;

import java.util.List;
import java.util.Set;

/**
 * What a body holds: the ids to ask Defender for, and, named one by one, all that is not asked for. A body of a known kind may hold nothing at
 * all, as an incident without alerts does.
 *
 * @param found each id once, in the order of its first appearance
 * @param duplicates the further appearances of these ids, which were merged into the first
 * @param skipped what was left out because Defender for Endpoint has no answer to it
 * @param invalid what should be an id and is none
 * @param clientStates what the change notifications of Microsoft Graph in the body give as the client state, wherever they stand; one that
 *     gives none counts as an empty text
 */
public record AlertIds(
        List<FoundId> found,
        List<FoundId> duplicates,
        List<SkippedAlert> skipped,
        List<InvalidEntry> invalid,
        Set<String> clientStates) {
    /** The most distinct ids of one HTTP body. */
    public static final int MOST_ALERTS = 500;

    /** The most that is read of a body: 1 MiB in UTF-8. */
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
     * {@link Envelope} or not; a JSON string or array of ids. One bad part never spoils the others.
     *
     * @param limit how many distinct ids are taken at most
     * @throws dev.alertuser.payload.json.InvalidBodyException if the body cannot be read, is of no known kind, or holds too much
     */
    public static AlertIds ofBody(String body, int limit) {
        return new AlertIdReader(limit, AlertIdReader.Source.BODY).read(body);
    }

    /**
     * Reads the alert ids of a CloudEvent in binary mode, of which the body is the data. An event that carries no alert is a good event.
     *
     * @param limit as for {@link #ofBody}
     * @throws dev.alertuser.payload.json.InvalidBodyException if the data cannot be read or holds too much
     */
    public static AlertIds ofEventData(String data, int limit) {
        return new AlertIdReader(limit, AlertIdReader.Source.EVENT_DATA).read(data);
    }

    /**
     * Reads the alert ids of a queue message: all that can be an HTTP body, and a bare id, which is no JSON.
     *
     * @param limit as for {@link #ofBody}
     * @throws dev.alertuser.payload.json.InvalidBodyException as for {@link #ofBody}
     */
    public static AlertIds ofMessage(String text, int limit) {
        return new AlertIdReader(limit, AlertIdReader.Source.MESSAGE).read(text);
    }
}
