package dev.alertuser.functions.operate;

import static org.mockito.Mockito.mock;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.alertuser.Application.PurgeParts;
import dev.alertuser.functions.http.GivenContext;
import dev.alertuser.functions.http.Json;
import dev.alertuser.service.AnswerTtl;
import dev.alertuser.service.port.Retention;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The app's output for operators, for tests of its consumers. */
public final class OperateOutput {
    private OperateOutput() {}

    /** The members of the log line of a purge. */
    public static Set<String> purgeFields() {
        List<String> lines = new ArrayList<>();
        AnswerTtl ttl = new AnswerTtl(Duration.ZERO, Duration.ZERO);
        PurgeParts parts = new PurgeParts(mock(Retention.class), ttl, () -> Instant.EPOCH);
        new PurgeFunction(() -> parts).run("{}", GivenContext.of("Purge", lines));
        Set<String> names = new TreeSet<>();
        Json.read(lines.get(0)).fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** The app's Swagger document, converted from its OpenAPI document for a host. */
    public static ObjectNode swagger(String host) {
        return new SwaggerConverter(ApiDocument.openApi("https://" + host + "/api")).convert();
    }
}
